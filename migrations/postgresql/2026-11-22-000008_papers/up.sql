-- Papers that were printed: what each says of itself to whoever scans its QR, and the digest of what it shows.
CREATE TABLE papers (
    code text COLLATE "C" NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    resource text NOT NULL,
    resource_id uuid NOT NULL,
    resource_version integer NOT NULL,
    unit_code text COLLATE "C" NOT NULL,
    number text,
    dated date,
    digest bytea NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid NOT NULL REFERENCES accounts (id),
    UNIQUE (kind, resource_id, digest)
);
