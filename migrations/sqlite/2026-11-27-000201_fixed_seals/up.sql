-- fixed seals: a seal at each fixed time, whether or not anything happened

-- Enters the head beside the digests, so that nobody can tell the head of a seal over nothing; seals of before have none.
ALTER TABLE seals ADD COLUMN salt BLOB;

-- Steps have a place within about a second, before they are sealed. Those that wait for one are few.
CREATE INDEX history_unplaced ON history (at) WHERE place IS NULL AND resource <> 'sheet';
