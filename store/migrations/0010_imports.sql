-- What followed from one cause, by record: undo goes through it in batches.
DROP INDEX changes_cause;
CREATE INDEX changes_cause ON changes (cause_id, rec, id);
CREATE INDEX changes_root ON changes (root, rec, id);

-- By which the business's other systems call a customer: what an import finds it by.
ALTER TABLE customers ADD COLUMN "number" {text} NOT NULL DEFAULT '';
CREATE UNIQUE INDEX customers_number_once ON customers ("number") WHERE "number" <> '' AND deleted_at IS NULL;
CREATE INDEX customers_number ON customers ("number", "n");

-- Undo asks whether anything refers to what it is about to trash.
CREATE INDEX orders_contact ON orders ("contact", "n");

CREATE TABLE imports (
	"id"                 {text} NOT NULL UNIQUE,
	"n"                  {n},
	"version"            bigint NOT NULL DEFAULT 0,
	"title"              {text} NOT NULL DEFAULT '',
	"status"             {text} NOT NULL DEFAULT '',
	"owner"              {text} NOT NULL DEFAULT '',
	"department"         {text} NOT NULL DEFAULT '',
	"created_at"         bigint,
	"updated_at"         bigint,
	"deleted_at"         bigint,
	"of"                 {text} NOT NULL DEFAULT '',
	"name"               {text} NOT NULL DEFAULT '',
	"name_key"           {text} NOT NULL DEFAULT '',
	"name_fold"          {text} NOT NULL DEFAULT '',
	"sha256"             {text} NOT NULL DEFAULT '',
	"size"               bigint NOT NULL DEFAULT 0,
	"state"              {text} NOT NULL DEFAULT '',
	"reason"             {text} NOT NULL DEFAULT '',
	"detail"             {text} NOT NULL DEFAULT '',
	"mapping"            {text} NOT NULL DEFAULT '',
	"profile"            {text} NOT NULL DEFAULT '',
	"fingerprint"        {text} NOT NULL DEFAULT '',
	"rows"               bigint NOT NULL DEFAULT 0,
	"created"            bigint NOT NULL DEFAULT 0,
	"updated"            bigint NOT NULL DEFAULT 0,
	"unchanged"          bigint NOT NULL DEFAULT 0,
	"rejected"           bigint NOT NULL DEFAULT 0,
	"skipped"            bigint NOT NULL DEFAULT 0,
	"warned"             bigint NOT NULL DEFAULT 0,
	"kept"               bigint NOT NULL DEFAULT 0,
	"undo"               {text} NOT NULL DEFAULT '',
	"started_at"         bigint,
	"ended_at"           bigint
);
CREATE INDEX imports_department ON imports ("department", "n");
CREATE INDEX imports_of ON imports ("of", "n");
CREATE INDEX imports_name ON imports ("name_key", "n");
CREATE INDEX imports_name_fold ON imports ("name_fold");
CREATE INDEX imports_state ON imports ("state", "n");
CREATE INDEX imports_fingerprint ON imports ("fingerprint", "n");
{search imports};

-- Where a run or an undo stands: moved in the transaction of each batch, so that a killed one goes on and no row is taken twice.
CREATE TABLE import_runs (
	import {text} PRIMARY KEY,
	mode {text} NOT NULL,
	cursor {text} NOT NULL DEFAULT '',
	counts {text} NOT NULL DEFAULT '{}'
);

-- What was wrong with rows, or worth saying; what an undo left.
CREATE TABLE import_issues (
	import {text} NOT NULL,
	n bigint NOT NULL,
	severity {text} NOT NULL,
	col {text} NOT NULL,
	reason {text} NOT NULL,
	value {text} NOT NULL
);
CREATE INDEX import_issues_import ON import_issues (import, severity, n);
