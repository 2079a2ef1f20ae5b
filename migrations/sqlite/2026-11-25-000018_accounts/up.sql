-- accounts: an end, and what guessing passwords is held against

ALTER TABLE accounts ADD COLUMN ended_at INTEGER;

-- Wrong passwords, by the keyed digest of whom they were tried for and from which network, or of the network alone.
CREATE TABLE sign_in_failures (
    digest BLOB NOT NULL PRIMARY KEY,
    level INTEGER NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_failed_at ON sign_in_failures (failed_at);

-- The networks from which an account signed in, by their keyed digest.
CREATE TABLE sign_in_networks (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    digest BLOB NOT NULL,
    signed_in_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, digest)
) STRICT;
CREATE INDEX sign_in_networks_signed_in_at ON sign_in_networks (signed_in_at);

-- Plain digests of bodies with passwords in them: nothing of them stays in the file.
PRAGMA secure_delete = ON;
DELETE FROM idempotency_keys;
PRAGMA secure_delete = OFF;
