-- Changes of fields that somebody has to agree to first.
CREATE TABLE proposals (
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
	"of" {text} NOT NULL DEFAULT '',
	"rec" {text} NOT NULL DEFAULT '',
	"field" {text} NOT NULL DEFAULT '',
	"before" {text} NOT NULL DEFAULT '',
	"value" {text} NOT NULL DEFAULT '',
	"state" {text} NOT NULL DEFAULT '',
	"reviewer" {text} NOT NULL DEFAULT '',
	"note" {text} NOT NULL DEFAULT ''
);
CREATE INDEX proposals_department ON proposals ("department", "n");
CREATE INDEX proposals_rec ON proposals ("rec", "n");
CREATE INDEX proposals_state ON proposals ("state", "n");
CREATE INDEX proposals_reviewer ON proposals ("reviewer", "n");
{search proposals};

-- A dimension looked up through a reference may keep what it found first.
ALTER TABLE dimensions ADD COLUMN "frozen" bigint NOT NULL DEFAULT 0;
