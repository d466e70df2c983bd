-- The files that a document was before: a new one took its place, and each stays under its hash. The one that it is now has a row too, as soon as there are two.
ALTER TABLE documents ADD COLUMN "edition" bigint NOT NULL DEFAULT 1;
CREATE TABLE editions (
	"document" {text} NOT NULL,
	"no" bigint NOT NULL,
	"sha256" {text} NOT NULL,
	"size" bigint NOT NULL,
	"name" {text} NOT NULL,
	"note" {text} NOT NULL,
	"of" bigint NOT NULL,
	"by_user" {text} NOT NULL,
	"at" bigint NOT NULL,
	"mime" {text} NOT NULL,
	"pages" bigint NOT NULL,
	"text" {text} NOT NULL,
	"reading" {text} NOT NULL,
	"step" bigint NOT NULL,
	PRIMARY KEY ("document", "no")
);
CREATE INDEX editions_sha256 ON editions ("sha256");

-- Who is working on a document, until when and what for.
ALTER TABLE documents ADD COLUMN "taken_by" {text} NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN "taken_until" {text} NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN "taken_for" {text} NOT NULL DEFAULT '';
CREATE INDEX documents_taken_by ON documents ("taken_by", "n");
