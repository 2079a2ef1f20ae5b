-- audit: each step is chained to the one before it, and seals cover the steps

-- SHA-256 over the step and the digest of the step before it of the same resource.
ALTER TABLE history ADD COLUMN digest bytea;
-- SHA-256 of what the resource held at this version, where the step says so.
ALTER TABLE history ADD COLUMN content bytea;
-- Notes enter the chain only as a salted digest: a note is erased together with its salt, and the chain still holds.
ALTER TABLE history ADD COLUMN note_salt bytea;
ALTER TABLE history ADD COLUMN note_digest bytea;
-- The number of the seal that covers the step.
ALTER TABLE history ADD COLUMN seal bigint;
CREATE INDEX history_seal ON history (seal, resource, resource_id, version);

-- Signed heads over all steps since the seal before.
CREATE TABLE seals (
    number bigint NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    entries bigint NOT NULL,
    head bytea NOT NULL,
    previous bytea NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL
);
CREATE INDEX seals_at ON seals (at);

-- What a sheet commits its member to: SHA-256 over the salt and the sheet, both new for each version.
ALTER TABLE sheets ADD COLUMN salt bytea;
ALTER TABLE sheets ADD COLUMN commitment bytea;
