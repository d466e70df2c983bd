-- A view shows its records with a face, and dashboards put views side by side.
ALTER TABLE views ADD COLUMN "face" {text} NOT NULL DEFAULT '';

CREATE TABLE dashboards (
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
	"name" {text} NOT NULL DEFAULT '',
	"name_key" {text} NOT NULL DEFAULT '',
	"name_fold" {text} NOT NULL DEFAULT '',
	"tiles" {text} NOT NULL DEFAULT '',
	"shared" bigint NOT NULL DEFAULT 0,
	"roles" {text} NOT NULL DEFAULT '',
	"departments" {text} NOT NULL DEFAULT ''
);
CREATE INDEX dashboards_department ON dashboards ("department", "n");
CREATE INDEX dashboards_name ON dashboards ("name_key", "n");
CREATE INDEX dashboards_name_fold ON dashboards ("name_fold");
{search dashboards};
