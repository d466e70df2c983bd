-- What the engine keeps beside the records.

CREATE TABLE meta (name {text} PRIMARY KEY, number bigint NOT NULL DEFAULT 0, value {text} NOT NULL DEFAULT '');
INSERT INTO meta (name, number) VALUES ('catalogue', 1), ('sequenced', 0);

-- Dynamic fields. A position is for ever; a field is retired, never dropped.
CREATE TABLE fields (
	kind {text} NOT NULL,
	pos bigint NOT NULL,
	name {text} NOT NULL,
	type {text} NOT NULL,
	multi bigint NOT NULL DEFAULT 0,
	dimension {text} NOT NULL DEFAULT '',
	label {text} NOT NULL DEFAULT '',
	indexed bigint NOT NULL DEFAULT 0,
	retired bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (kind, pos)
);

-- Where each category's value comes from.
CREATE TABLE decisions (
	rec {text} NOT NULL,
	field {text} NOT NULL,
	origin {text} NOT NULL,
	rule {text} NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 0,
	confidence {float} NOT NULL DEFAULT 0,
	reason {text} NOT NULL DEFAULT '',
	by_user {text} NOT NULL DEFAULT '',
	at bigint NOT NULL,
	PRIMARY KEY (rec, field)
);

-- The change log, insert only. body is {"field":[before, after]}; a creation's is empty: the row and the later differences rebuild it.
CREATE TABLE changes (
	id {id},
	kind {text} NOT NULL,
	rec {text} NOT NULL,
	op {text} NOT NULL,
	version bigint NOT NULL,
	at bigint NOT NULL,
	by_user {text} NOT NULL,
	name {text} NOT NULL,
	cause {text} NOT NULL,
	cause_id {text} NOT NULL,
	root {text} NOT NULL,
	depth bigint NOT NULL,
	body {text} NOT NULL
);
CREATE INDEX changes_rec ON changes (rec, id);
CREATE INDEX changes_cause ON changes (cause_id, id);

-- The order in which followers see changes. On SQLite the writer is alone, so a change's id is its number; on PostgreSQL a sequencer gives numbers to
-- what has committed.
{sqlite} CREATE VIEW sequence AS SELECT id AS seq, id AS change FROM changes;
{postgres} CREATE TABLE sequence (seq bigint PRIMARY KEY, change bigint NOT NULL UNIQUE);

CREATE TABLE followers (name {text} PRIMARY KEY, cursor bigint NOT NULL DEFAULT 0);

CREATE TABLE jobs (
	id {text} PRIMARY KEY,
	queue {text} NOT NULL,
	title {text} NOT NULL DEFAULT '',
	args {text} NOT NULL DEFAULT '{}',
	state {text} NOT NULL,
	attempt bigint NOT NULL DEFAULT 0,
	done bigint NOT NULL DEFAULT 0,
	total bigint NOT NULL DEFAULT 0,
	error {text} NOT NULL DEFAULT '',
	once {text} NOT NULL DEFAULT '',
	by_user {text} NOT NULL DEFAULT '',
	created_at bigint NOT NULL,
	run_at bigint NOT NULL,
	held_until bigint NOT NULL DEFAULT 0,
	ended_at bigint NOT NULL DEFAULT 0
);
CREATE INDEX jobs_due ON jobs (state, run_at);
CREATE UNIQUE INDEX jobs_once ON jobs (once) WHERE once <> '' AND state IN ('waiting', 'running');

CREATE TABLE sessions (token {text} PRIMARY KEY, data {bytes} NOT NULL, expires_at bigint NOT NULL);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Answers kept for Idempotency-Key.
CREATE TABLE idempotency (
	key {text} PRIMARY KEY,
	request {text} NOT NULL,
	status bigint NOT NULL,
	body {text} NOT NULL,
	at bigint NOT NULL
);

-- Uploads that have not arrived whole; their bytes lie in the data folder.
CREATE TABLE uploads (
	id {text} PRIMARY KEY,
	name {text} NOT NULL,
	size bigint NOT NULL,
	received bigint NOT NULL DEFAULT 0,
	by_user {text} NOT NULL,
	created_at bigint NOT NULL,
	updated_at bigint NOT NULL
);

-- A code that the house gave names one category of its dimension.
CREATE UNIQUE INDEX categories_code_once ON categories ("dimension", "code") WHERE "code" <> '' AND deleted_at IS NULL;
