-- A looked-up dimension may take the value of a day: as of which date field.
ALTER TABLE dimensions ADD COLUMN "as_of" {text} NOT NULL DEFAULT '';
UPDATE dimensions SET as_of = 'created_at' WHERE frozen <> 0;
ALTER TABLE dimensions DROP COLUMN frozen;
