-- What corrections taught: at which label the papers of a form say a fact.
CREATE TABLE lessons (
	"id" {text} NOT NULL UNIQUE,
	"n" {n},
	"version" bigint NOT NULL DEFAULT 0,
	"title" {text} NOT NULL DEFAULT '',
	"status" {text} NOT NULL DEFAULT '',
	"owner" {text} NOT NULL DEFAULT '',
	"department" {text} NOT NULL DEFAULT '',
	"created_at" bigint,
	"updated_at" bigint,
	"deleted_at" bigint,
	"key" {text} NOT NULL DEFAULT '',
	"issuer" {text} NOT NULL DEFAULT '',
	"form" {text} NOT NULL DEFAULT '',
	"words" {text} NOT NULL DEFAULT '',
	"fact" {text} NOT NULL DEFAULT '',
	"label" {text} NOT NULL DEFAULT '',
	"way" {text} NOT NULL DEFAULT '',
	"place" bigint NOT NULL DEFAULT 0,
	"places" bigint NOT NULL DEFAULT 0,
	"document" {text} NOT NULL DEFAULT '',
	"confirmed" bigint NOT NULL DEFAULT 0,
	"contradicted" bigint NOT NULL DEFAULT 0,
	"paused" bigint NOT NULL DEFAULT 0
);
CREATE INDEX lessons_department ON lessons ("department", "n");
CREATE INDEX lessons_key ON lessons ("key", "n");
CREATE INDEX lessons_document ON lessons ("document", "n");
{search lessons};

-- Of which form a document's first paper is: lessons are tried on documents of theirs.
ALTER TABLE documents ADD COLUMN "form" {text} NOT NULL DEFAULT '';
CREATE INDEX documents_form ON documents ("form", "n");
