-- The day on a receipt's paper: when it was paid, or an invoice issued. Lists are ordered by it.
ALTER TABLE receipts ADD COLUMN "dated_on" {text} NOT NULL DEFAULT '';
UPDATE receipts SET "dated_on" = CASE WHEN "paid_on" <> '' THEN "paid_on" ELSE "issued_on" END;
CREATE INDEX receipts_dated_on ON receipts ("dated_on", "n");
