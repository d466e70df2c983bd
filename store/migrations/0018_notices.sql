-- Who is told of what. A person's unread ones are counted on every page.
CREATE TABLE notices (
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
	"why" {text} NOT NULL DEFAULT '',
	"about" {text} NOT NULL DEFAULT '',
	"rec" {text} NOT NULL DEFAULT '',
	"name" {text} NOT NULL DEFAULT '',
	"body" {text} NOT NULL DEFAULT '',
	"by" {text} NOT NULL DEFAULT '',
	"count" bigint,
	"key" {text} NOT NULL DEFAULT '',
	"read_at" bigint
);
CREATE INDEX notices_department ON notices ("department", "n");
CREATE INDEX notices_owner ON notices ("owner", "n");
CREATE UNIQUE INDEX notices_key_once ON notices ("key") WHERE "key" <> '' AND deleted_at IS NULL;
CREATE INDEX notices_key ON notices ("key", "n");
{search notices};
-- Whom it concerns is told of what happens from now on, not of years gone by.
INSERT INTO followers (name, cursor) SELECT 'people', coalesce(max(seq), 0) FROM sequence;
