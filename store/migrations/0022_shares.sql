-- What was handed to people outside, and each time that they looked.
CREATE TABLE shares (
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
	"about" {text} NOT NULL DEFAULT '',
	"rec" {text} NOT NULL DEFAULT '',
	"name" {text} NOT NULL DEFAULT '',
	"receiver" {text} NOT NULL DEFAULT '',
	"shown" {text} NOT NULL DEFAULT '',
	"original" bigint NOT NULL DEFAULT 0,
	"hash" {text} NOT NULL DEFAULT '',
	"password" {text} NOT NULL DEFAULT '',
	"guarded" bigint NOT NULL DEFAULT 0,
	"expires_at" bigint,
	"most" bigint NOT NULL DEFAULT 0,
	"opened" bigint NOT NULL DEFAULT 0,
	"opened_at" bigint,
	"revoked_at" bigint,
	"failed_count" bigint NOT NULL DEFAULT 0,
	"locked_until" bigint
);
CREATE INDEX shares_department ON shares ("department", "n");
CREATE INDEX shares_owner ON shares ("owner", "n");
CREATE INDEX shares_rec ON shares ("rec", "n");
CREATE UNIQUE INDEX shares_hash_once ON shares ("hash") WHERE "hash" <> '' AND deleted_at IS NULL;
CREATE INDEX shares_hash ON shares ("hash", "n");
CREATE INDEX shares_expires_at ON shares ("expires_at", "n");
{search shares};
CREATE TABLE openings (
	"share" {text} NOT NULL,
	"what" {text} NOT NULL,
	"pass" {text} NOT NULL,
	"at" bigint NOT NULL,
	"address" {text} NOT NULL,
	"agent" {text} NOT NULL
);
CREATE INDEX openings_share ON openings ("share", "at");
CREATE INDEX openings_pass ON openings ("pass");
