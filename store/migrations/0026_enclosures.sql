-- Documents that people put into dossiers, or took out.
CREATE TABLE enclosures (
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
	"document" {text} NOT NULL DEFAULT '',
	"order" {text} NOT NULL DEFAULT '',
	"receipt" {text} NOT NULL DEFAULT '',
	"removed" bigint NOT NULL DEFAULT 0,
	"pair" {text} NOT NULL DEFAULT ''
);
CREATE INDEX enclosures_department ON enclosures ("department", "n");
CREATE INDEX enclosures_document ON enclosures ("document", "n");
CREATE INDEX enclosures_order ON enclosures ("order", "n");
CREATE INDEX enclosures_receipt ON enclosures ("receipt", "n");
CREATE INDEX enclosures_pair ON enclosures ("pair", "n");
CREATE UNIQUE INDEX enclosures_pair_once ON enclosures ("pair") WHERE "pair" <> '' AND deleted_at IS NULL;
{search enclosures};
