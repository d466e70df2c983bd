-- Views have an audience, and one of them is where its list begins.
ALTER TABLE views ADD COLUMN "layout" {text} NOT NULL DEFAULT '';
ALTER TABLE views ADD COLUMN "roles" {text} NOT NULL DEFAULT '';
ALTER TABLE views ADD COLUMN "departments" {text} NOT NULL DEFAULT '';
ALTER TABLE views ADD COLUMN "standard" bigint NOT NULL DEFAULT 0;
