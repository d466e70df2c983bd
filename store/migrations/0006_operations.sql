-- Changes of many records at once, which can be taken back.
CREATE TABLE operations (
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
	"verb" {text} NOT NULL DEFAULT '',
	"filter" {text} NOT NULL DEFAULT '',
	"words" {text} NOT NULL DEFAULT '',
	"what" {text} NOT NULL DEFAULT '',
	"state" {text} NOT NULL DEFAULT '',
	"total" bigint NOT NULL DEFAULT 0,
	"done" bigint NOT NULL DEFAULT 0,
	"same" bigint NOT NULL DEFAULT 0,
	"failed" bigint NOT NULL DEFAULT 0,
	"faults" {text} NOT NULL DEFAULT '',
	"kept" bigint NOT NULL DEFAULT 0,
	"left" {text} NOT NULL DEFAULT '',
	"job" {text} NOT NULL DEFAULT '',
	"undo" {text} NOT NULL DEFAULT ''
);
CREATE INDEX operations_department ON operations ("department", "n");
CREATE INDEX operations_of ON operations ("of", "n");
CREATE INDEX operations_state ON operations ("state", "n");
{search operations};
