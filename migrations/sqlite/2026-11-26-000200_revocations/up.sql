-- revocations: their ground and the paper that they rest on; demands of the ministry

ALTER TABLE decisions ADD COLUMN ground TEXT;
ALTER TABLE decisions ADD COLUMN basis_number TEXT;
ALTER TABLE decisions ADD COLUMN basis_authority TEXT;
ALTER TABLE decisions ADD COLUMN basis_dated TEXT;

CREATE TABLE demands (
    id BLOB NOT NULL PRIMARY KEY,
    certificate_id BLOB NOT NULL REFERENCES certificates (id),
    asks TEXT NOT NULL,
    number TEXT NOT NULL,
    dated TEXT NOT NULL,
    content TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX demands_certificate ON demands (certificate_id);
