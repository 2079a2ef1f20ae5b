-- Papers that were printed: what each says of itself to whoever scans its QR, and the digest of what it shows.
CREATE TABLE papers (
    code TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_id BLOB NOT NULL,
    resource_version INTEGER NOT NULL,
    unit_code TEXT NOT NULL,
    number TEXT,
    dated TEXT,
    digest BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES accounts (id),
    UNIQUE (kind, resource_id, digest)
) STRICT;
