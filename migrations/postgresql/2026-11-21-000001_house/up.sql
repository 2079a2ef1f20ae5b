-- house: what the database knows of itself

-- The clock's offset, fingerprints of keys, what made this database.
CREATE TABLE settings (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- Running numbers, one row a series; the row is the lock.
CREATE TABLE counters (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value bigint NOT NULL
);

-- The first write of a transaction that was asked for with an Idempotency-Key, and its answer.
CREATE TABLE idempotency_keys (
    account_id uuid NOT NULL,
    path text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    answer text,
    PRIMARY KEY (account_id, path, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- Who changed what, when, from which state to which; one row for each version of each resource.
CREATE TABLE history (
    resource text COLLATE "C" NOT NULL,
    resource_id uuid NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid,
    verb text NOT NULL,
    from_state text,
    to_state text,
    note text,
    PRIMARY KEY (resource, resource_id, version)
);
CREATE INDEX history_resource_to_state_at ON history (resource, to_state, at);

-- Stored documents and pictures; the bytes lie in the data folder under the id.
CREATE TABLE files (
    id uuid NOT NULL PRIMARY KEY,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    media_type text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);
