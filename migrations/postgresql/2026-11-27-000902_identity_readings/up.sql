-- account: who was answered whose identity number in full, by which address; once an hour at most for each

CREATE TABLE identity_readings (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    resource text NOT NULL,
    resource_id uuid NOT NULL,
    at timestamptz NOT NULL,
    address text NOT NULL
);
CREATE INDEX identity_readings_account_id ON identity_readings (account_id, at);
CREATE INDEX identity_readings_resource_id ON identity_readings (resource_id, at);
CREATE INDEX identity_readings_at ON identity_readings (at);
