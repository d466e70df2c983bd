-- What a workspace adds by itself (kinds, fields, what forms ask), and the kinds of daily work beside receipts: cases, activities, tasks, comments, folders,
-- views. Settings become records, so that their history is kept like any other's.

CREATE TABLE cases (
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
	"subject" {text} NOT NULL DEFAULT '',
	"subject_key" {text} NOT NULL DEFAULT '',
	"subject_fold" {text} NOT NULL DEFAULT '',
	"customer" {text} NOT NULL DEFAULT '',
	"contact" {text} NOT NULL DEFAULT '',
	"order" {text} NOT NULL DEFAULT '',
	"receipt" {text} NOT NULL DEFAULT '',
	"product" {text} NOT NULL DEFAULT '',
	"source" {text} NOT NULL DEFAULT '',
	"priority" {text} NOT NULL DEFAULT '',
	"stage" {text} NOT NULL DEFAULT '',
	"assignee" {text} NOT NULL DEFAULT '',
	"opened_at" bigint,
	"due_at" bigint,
	"resolved_at" bigint,
	"body" {text} NOT NULL DEFAULT '',
	"resolution" {text} NOT NULL DEFAULT ''
);
CREATE INDEX cases_department ON cases ("department", "n");
CREATE INDEX cases_subject ON cases ("subject_key", "n");
CREATE INDEX cases_subject_fold ON cases ("subject_fold");
CREATE INDEX cases_customer ON cases ("customer", "n");
CREATE INDEX cases_priority ON cases ("priority", "n");
CREATE INDEX cases_stage ON cases ("stage", "n");
CREATE INDEX cases_assignee ON cases ("assignee", "n");
CREATE INDEX cases_opened_at ON cases ("opened_at", "n");
CREATE INDEX cases_due_at ON cases ("due_at", "n");
{search cases};

CREATE TABLE activities (
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
	"type" {text} NOT NULL DEFAULT '',
	"subject" {text} NOT NULL DEFAULT '',
	"subject_key" {text} NOT NULL DEFAULT '',
	"subject_fold" {text} NOT NULL DEFAULT '',
	"customer" {text} NOT NULL DEFAULT '',
	"contact" {text} NOT NULL DEFAULT '',
	"order" {text} NOT NULL DEFAULT '',
	"case" {text} NOT NULL DEFAULT '',
	"happened_at" bigint,
	"minutes" bigint NOT NULL DEFAULT 0,
	"direction" {text} NOT NULL DEFAULT '',
	"body" {text} NOT NULL DEFAULT ''
);
CREATE INDEX activities_department ON activities ("department", "n");
CREATE INDEX activities_subject ON activities ("subject_key", "n");
CREATE INDEX activities_subject_fold ON activities ("subject_fold");
CREATE INDEX activities_customer ON activities ("customer", "n");
CREATE INDEX activities_case ON activities ("case", "n");
CREATE INDEX activities_happened_at ON activities ("happened_at", "n");
{search activities};

CREATE TABLE tasks (
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
	"subject" {text} NOT NULL DEFAULT '',
	"subject_key" {text} NOT NULL DEFAULT '',
	"subject_fold" {text} NOT NULL DEFAULT '',
	"assignee" {text} NOT NULL DEFAULT '',
	"due_on" {text} NOT NULL DEFAULT '',
	"priority" {text} NOT NULL DEFAULT '',
	"stage" {text} NOT NULL DEFAULT '',
	"customer" {text} NOT NULL DEFAULT '',
	"order" {text} NOT NULL DEFAULT '',
	"case" {text} NOT NULL DEFAULT '',
	"done_at" bigint,
	"note" {text} NOT NULL DEFAULT ''
);
CREATE INDEX tasks_department ON tasks ("department", "n");
CREATE INDEX tasks_subject ON tasks ("subject_key", "n");
CREATE INDEX tasks_subject_fold ON tasks ("subject_fold");
CREATE INDEX tasks_assignee ON tasks ("assignee", "n");
CREATE INDEX tasks_due_on ON tasks ("due_on", "n");
CREATE INDEX tasks_stage ON tasks ("stage", "n");
CREATE INDEX tasks_customer ON tasks ("customer", "n");
CREATE INDEX tasks_case ON tasks ("case", "n");
{search tasks};

CREATE TABLE folders (
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
	"name_key" {text} NOT NULL DEFAULT '',
	"name_fold" {text} NOT NULL DEFAULT '',
	"parent" {text} NOT NULL DEFAULT '',
	"customer" {text} NOT NULL DEFAULT '',
	"note" {text} NOT NULL DEFAULT ''
);
CREATE INDEX folders_department ON folders ("department", "n");
CREATE INDEX folders_name ON folders ("name_key", "n");
CREATE INDEX folders_name_fold ON folders ("name_fold");
CREATE INDEX folders_parent ON folders ("parent", "n");
CREATE INDEX folders_customer ON folders ("customer", "n");
{search folders};

CREATE TABLE comments (
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
	"about" {text} NOT NULL DEFAULT '',
	"rec" {text} NOT NULL DEFAULT '',
	"body" {text} NOT NULL DEFAULT ''
);
CREATE INDEX comments_department ON comments ("department", "n");
CREATE INDEX comments_rec ON comments ("rec", "n");
{search comments};

CREATE TABLE views (
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
	"name_key" {text} NOT NULL DEFAULT '',
	"name_fold" {text} NOT NULL DEFAULT '',
	"of" {text} NOT NULL DEFAULT '',
	"filter" {text} NOT NULL DEFAULT '',
	"words" {text} NOT NULL DEFAULT '',
	"sort" {text} NOT NULL DEFAULT '',
	"columns" {text} NOT NULL DEFAULT '',
	"shared" bigint NOT NULL DEFAULT 0
);
CREATE INDEX views_department ON views ("department", "n");
CREATE INDEX views_name ON views ("name_key", "n");
CREATE INDEX views_name_fold ON views ("name_fold");
CREATE INDEX views_of ON views ("of", "n");
{search views};

CREATE TABLE custom_kinds (
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
	"plural" {text} NOT NULL DEFAULT '',
	"prefix" {text} NOT NULL DEFAULT '',
	"label" {text} NOT NULL DEFAULT '',
	"icon" {text} NOT NULL DEFAULT '',
	"retired" bigint NOT NULL DEFAULT 0
);
CREATE INDEX custom_kinds_department ON custom_kinds ("department", "n");
CREATE UNIQUE INDEX custom_kinds_name_once ON custom_kinds ("name") WHERE "name" <> '' AND deleted_at IS NULL;
CREATE INDEX custom_kinds_name ON custom_kinds ("name", "n");
CREATE UNIQUE INDEX custom_kinds_plural_once ON custom_kinds ("plural") WHERE "plural" <> '' AND deleted_at IS NULL;
CREATE INDEX custom_kinds_plural ON custom_kinds ("plural", "n");
CREATE UNIQUE INDEX custom_kinds_prefix_once ON custom_kinds ("prefix") WHERE "prefix" <> '' AND deleted_at IS NULL;
CREATE INDEX custom_kinds_prefix ON custom_kinds ("prefix", "n");
{search custom_kinds};

CREATE TABLE custom_fields (
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
	"of" {text} NOT NULL DEFAULT '',
	"name" {text} NOT NULL DEFAULT '',
	"added" bigint NOT NULL DEFAULT 0,
	"label" {text} NOT NULL DEFAULT '',
	"type" {text} NOT NULL DEFAULT '',
	"ref" {text} NOT NULL DEFAULT '',
	"options" {text} NOT NULL DEFAULT '',
	"formula" {text} NOT NULL DEFAULT '',
	"searched" bigint NOT NULL DEFAULT 0,
	"retired" bigint NOT NULL DEFAULT 0,
	"section" {text} NOT NULL DEFAULT '',
	"position" bigint NOT NULL DEFAULT 0,
	"help" {text} NOT NULL DEFAULT '',
	"required" bigint NOT NULL DEFAULT 0,
	"required_when" {text} NOT NULL DEFAULT '',
	"default" {text} NOT NULL DEFAULT '',
	"pattern" {text} NOT NULL DEFAULT '',
	"pattern_help" {text} NOT NULL DEFAULT '',
	"reviewer" {text} NOT NULL DEFAULT ''
);
CREATE INDEX custom_fields_department ON custom_fields ("department", "n");
CREATE INDEX custom_fields_of ON custom_fields ("of", "n");
{search custom_fields};

CREATE TABLE settings (
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
	"value" {text} NOT NULL DEFAULT ''
);
CREATE INDEX settings_department ON settings ("department", "n");
CREATE UNIQUE INDEX settings_name_once ON settings ("name") WHERE "name" <> '' AND deleted_at IS NULL;
CREATE INDEX settings_name ON settings ("name", "n");
{search settings};

ALTER TABLE documents ADD COLUMN "folder" {text} NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN "customer" {text} NOT NULL DEFAULT '';
CREATE INDEX documents_folder ON documents ("folder", "n");
CREATE INDEX documents_customer ON documents ("customer", "n");
