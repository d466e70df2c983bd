-- Changes of how dimensions decide, and what persons decided, by which those are passed over.

CREATE TABLE revisions (
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
	"dimension" {text} NOT NULL DEFAULT '',
	"of" {text} NOT NULL DEFAULT '',
	"number" bigint NOT NULL DEFAULT 0,
	"note" {text} NOT NULL DEFAULT '',
	"state" {text} NOT NULL DEFAULT '',
	"before" {text} NOT NULL DEFAULT '',
	"after" {text} NOT NULL DEFAULT '',
	"expected" bigint NOT NULL DEFAULT 0,
	"moved" bigint NOT NULL DEFAULT 0,
	"kept" bigint NOT NULL DEFAULT 0,
	"left" {text} NOT NULL DEFAULT '',
	"published_at" bigint,
	"job" {text} NOT NULL DEFAULT '',
	"undo" {text} NOT NULL DEFAULT ''
);
CREATE INDEX revisions_department ON revisions ("department", "n");
CREATE INDEX revisions_dimension ON revisions ("dimension", "n");
CREATE INDEX revisions_state ON revisions ("state", "n");
{search revisions};

ALTER TABLE rules ADD COLUMN "latest" bigint NOT NULL DEFAULT 0;
CREATE INDEX decisions_person ON decisions (field, rec) WHERE origin IN ('person', 'import');
