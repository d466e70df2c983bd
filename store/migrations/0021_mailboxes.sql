-- Mailboxes that are read.
CREATE TABLE mailboxes (
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
	"host" {text} NOT NULL DEFAULT '',
	"port" bigint,
	"security" {text} NOT NULL DEFAULT '',
	"login" {text} NOT NULL DEFAULT '',
	"password" {text} NOT NULL DEFAULT '',
	"folder" {text} NOT NULL DEFAULT '',
	"user" {text} NOT NULL DEFAULT '',
	"paused" bigint NOT NULL DEFAULT 0,
	"state" {text} NOT NULL DEFAULT '',
	"reason" {text} NOT NULL DEFAULT '',
	"validity" bigint,
	"last" bigint,
	"taken" bigint,
	"skipped" bigint,
	"checked_at" bigint
);
CREATE INDEX mailboxes_department ON mailboxes ("department", "n");
CREATE INDEX mailboxes_user ON mailboxes ("user", "n");
{search mailboxes};
