-- history: what the resource's rows held after the step, as a digest

ALTER TABLE history ADD COLUMN row_digest BLOB;
