-- audit: each step is chained to the one before it, and seals cover the steps

-- SHA-256 over the step and the digest of the step before it of the same resource.
ALTER TABLE history ADD COLUMN digest BLOB;
-- SHA-256 of what the resource held at this version, where the step says so.
ALTER TABLE history ADD COLUMN content BLOB;
-- Notes enter the chain only as a salted digest: a note is erased together with its salt, and the chain still holds.
ALTER TABLE history ADD COLUMN note_salt BLOB;
ALTER TABLE history ADD COLUMN note_digest BLOB;
-- The number of the seal that covers the step.
ALTER TABLE history ADD COLUMN seal INTEGER;
CREATE INDEX history_seal ON history (seal, resource, resource_id, version);

-- Signed heads over all steps since the seal before.
CREATE TABLE seals (
    number INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    head BLOB NOT NULL,
    previous BLOB NOT NULL,
    key_id TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE INDEX seals_at ON seals (at);

-- What a sheet commits its member to: SHA-256 over the salt and the sheet, both new for each version.
ALTER TABLE sheets ADD COLUMN salt BLOB;
ALTER TABLE sheets ADD COLUMN commitment BLOB;
