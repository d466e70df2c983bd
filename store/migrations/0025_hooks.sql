-- Addresses to which other systems send, and what they sent.
CREATE TABLE hooks (
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
	"target" {text} NOT NULL DEFAULT '',
	"of" {text} NOT NULL DEFAULT '',
	"profile" {text} NOT NULL DEFAULT '',
	"scheme" {text} NOT NULL DEFAULT '',
	"secret" {text} NOT NULL DEFAULT '',
	"customer" {text} NOT NULL DEFAULT '',
	"user" {text} NOT NULL DEFAULT '',
	"paused" bigint NOT NULL DEFAULT 0
);
CREATE INDEX hooks_department ON hooks ("department", "n");
CREATE INDEX hooks_customer ON hooks ("customer", "n");
CREATE INDEX hooks_user ON hooks ("user", "n");
{search hooks};
CREATE TABLE deliveries (
	"id" {text} NOT NULL UNIQUE,
	"hook" {text} NOT NULL,
	"message" {text} NOT NULL,
	"at" bigint NOT NULL,
	"state" {text} NOT NULL,
	"status" bigint NOT NULL,
	"reason" {text} NOT NULL DEFAULT '',
	"detail" {text} NOT NULL DEFAULT '',
	"trial" bigint NOT NULL DEFAULT 0,
	"tries" bigint NOT NULL DEFAULT 0,
	"name" {text} NOT NULL DEFAULT '',
	"size" bigint NOT NULL DEFAULT 0,
	"sha256" {text} NOT NULL DEFAULT '',
	"body" {text} NOT NULL DEFAULT '',
	"import" {text} NOT NULL DEFAULT '',
	"document" {text} NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX deliveries_once ON deliveries ("hook", "message");
CREATE INDEX deliveries_hook ON deliveries ("hook", "at");
CREATE INDEX deliveries_at ON deliveries ("at");
