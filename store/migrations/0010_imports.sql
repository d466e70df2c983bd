-- What followed from one cause, by record: undo goes through it in batches.
DROP INDEX changes_cause;
CREATE INDEX changes_cause ON changes (cause_id, rec, id);
CREATE INDEX changes_root ON changes (root, rec, id);
