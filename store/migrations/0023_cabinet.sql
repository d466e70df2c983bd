-- The cabinet: the drawer that a customer's name lies in, what a document is and of which day, and what may not be removed for ever.
ALTER TABLE customers ADD COLUMN "initial" {text} NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN "hold" {text} NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN "paper" {text} NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN "dated_on" {text} NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN "hold" {text} NOT NULL DEFAULT '';
UPDATE customers SET "initial" = CASE WHEN name_key = '' THEN '' WHEN substr(name_key, 1, 1) BETWEEN 'a' AND 'z' THEN upper(substr(name_key, 1, 1)) ELSE '#' END;
UPDATE documents SET "paper" = coalesce((SELECT r.type FROM receipts r WHERE r.document = documents.id AND r.deleted_at IS NULL ORDER BY r.paper, r.n LIMIT 1), ''),
	"customer" = CASE WHEN "customer" <> '' THEN "customer" ELSE
		coalesce((SELECT r.customer FROM receipts r WHERE r.document = documents.id AND r.deleted_at IS NULL ORDER BY r.paper, r.n LIMIT 1), '') END,
	"dated_on" = coalesce((SELECT r.dated_on FROM receipts r WHERE r.document = documents.id AND r.deleted_at IS NULL ORDER BY r.paper, r.n LIMIT 1), '');
