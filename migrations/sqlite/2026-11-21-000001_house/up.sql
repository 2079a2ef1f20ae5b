-- house: what the database knows of itself

-- The clock's offset, fingerprints of keys, what made this database.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Running numbers, one row a series; the row is the lock.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- The first write of a transaction that was asked for with an Idempotency-Key, and its answer.
CREATE TABLE idempotency_keys (
    account_id BLOB NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    answer TEXT,
    PRIMARY KEY (account_id, path, key)
) STRICT;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- Who changed what, when, from which state to which; one row for each version of each resource.
CREATE TABLE history (
    resource TEXT NOT NULL,
    resource_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account_id BLOB,
    verb TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    note TEXT,
    PRIMARY KEY (resource, resource_id, version)
) STRICT;
CREATE INDEX history_resource_to_state_at ON history (resource, to_state, at);

-- Stored documents and pictures; the bytes lie in the data folder under the id.
CREATE TABLE files (
    id BLOB NOT NULL PRIMARY KEY,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
