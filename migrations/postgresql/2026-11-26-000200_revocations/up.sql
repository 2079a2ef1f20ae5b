-- revocations: their ground and the paper that they rest on; demands of the ministry

ALTER TABLE decisions ADD COLUMN ground text;
ALTER TABLE decisions ADD COLUMN basis_number text;
ALTER TABLE decisions ADD COLUMN basis_authority text;
ALTER TABLE decisions ADD COLUMN basis_dated date;

CREATE TABLE demands (
    id uuid NOT NULL PRIMARY KEY,
    certificate_id uuid NOT NULL REFERENCES certificates (id),
    asks text NOT NULL,
    number text NOT NULL,
    dated date NOT NULL,
    content text NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX demands_certificate ON demands (certificate_id);
