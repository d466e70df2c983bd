-- Work done by the clock. next_run is what servers race for: whoever moves it adds the job, in the same transaction.
CREATE TABLE schedules (
	id {text} PRIMARY KEY,
	title {text} NOT NULL DEFAULT '',
	work {text} NOT NULL,
	args {text} NOT NULL DEFAULT '{}',
	pattern {text} NOT NULL,
	zone {text} NOT NULL,
	enabled bigint NOT NULL DEFAULT 1,
	next_run bigint NOT NULL DEFAULT 0,
	last_due bigint NOT NULL DEFAULT 0,
	last_run bigint NOT NULL DEFAULT 0,
	missed bigint NOT NULL DEFAULT 0,
	skipped bigint NOT NULL DEFAULT 0,
	job {text} NOT NULL DEFAULT '',
	by_user {text} NOT NULL DEFAULT '',
	created_at bigint NOT NULL,
	updated_at bigint NOT NULL
);
CREATE INDEX schedules_due ON schedules (enabled, next_run);

-- What a job made: a file, a count.
ALTER TABLE jobs ADD COLUMN result {text} NOT NULL DEFAULT '';
