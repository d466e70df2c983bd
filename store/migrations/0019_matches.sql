-- Slips matched with orders, invoices and lines of bank statements.
CREATE TABLE matches (
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
	"receipt" {text} NOT NULL DEFAULT '',
	"of" {text} NOT NULL DEFAULT '',
	"order" {text} NOT NULL DEFAULT '',
	"invoice" {text} NOT NULL DEFAULT '',
	"entry" {text} NOT NULL DEFAULT '',
	"amount" bigint,
	"amount_cur" {text} NOT NULL DEFAULT '',
	"confidence" {float},
	"reason" {text} NOT NULL DEFAULT '',
	"state" {text} NOT NULL DEFAULT '',
	"fills" {text} NOT NULL DEFAULT '',
	"learnt" {text} NOT NULL DEFAULT '',
	"pair" {text} NOT NULL DEFAULT ''
);
CREATE INDEX matches_department ON matches ("department", "n");
CREATE INDEX matches_receipt ON matches ("receipt", "n");
CREATE INDEX matches_order ON matches ("order", "n");
CREATE INDEX matches_invoice ON matches ("invoice", "n");
CREATE INDEX matches_entry ON matches ("entry", "n");
CREATE INDEX matches_state ON matches ("state", "n");
CREATE INDEX matches_pair ON matches ("pair", "n");
CREATE UNIQUE INDEX matches_pair_once ON matches ("pair") WHERE "pair" <> '' AND deleted_at IS NULL;
{search matches};

-- What matches claim of each side.
ALTER TABLE receipts ADD COLUMN "allotted" bigint;
ALTER TABLE receipts ADD COLUMN "allotted_cur" {text} NOT NULL DEFAULT '';
CREATE INDEX receipts_allotted ON receipts ("allotted_cur", "allotted", "n");
ALTER TABLE receipts ADD COLUMN "invoiced" bigint;
ALTER TABLE receipts ADD COLUMN "invoiced_cur" {text} NOT NULL DEFAULT '';
CREATE INDEX receipts_invoiced ON receipts ("invoiced_cur", "invoiced", "n");
ALTER TABLE orders ADD COLUMN "paid" bigint;
ALTER TABLE orders ADD COLUMN "paid_cur" {text} NOT NULL DEFAULT '';
CREATE INDEX orders_paid ON orders ("paid_cur", "paid", "n");
ALTER TABLE entries ADD COLUMN "slipped" bigint;
ALTER TABLE entries ADD COLUMN "slipped_cur" {text} NOT NULL DEFAULT '';
CREATE INDEX entries_slipped ON entries ("slipped_cur", "slipped", "n");

-- A customer's orders round a day.
CREATE INDEX orders_customer_day ON orders ("customer", "ordered_on", "n");
