-- account: who was answered whose identity number in full, by which address; once an hour at most for each

CREATE TABLE identity_readings (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    resource TEXT NOT NULL,
    resource_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX identity_readings_account_id ON identity_readings (account_id, at);
CREATE INDEX identity_readings_resource_id ON identity_readings (resource_id, at);
CREATE INDEX identity_readings_at ON identity_readings (at);
