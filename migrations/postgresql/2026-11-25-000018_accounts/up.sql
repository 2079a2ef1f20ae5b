-- accounts: an end, and what guessing passwords is held against

ALTER TABLE accounts ADD COLUMN ended_at timestamptz;

-- Wrong passwords, by the keyed digest of whom they were tried for and from which network, or of the network alone.
CREATE TABLE sign_in_failures (
    digest bytea NOT NULL PRIMARY KEY,
    level integer NOT NULL,
    failed_at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_failed_at ON sign_in_failures (failed_at);

-- The networks from which an account signed in, by their keyed digest.
CREATE TABLE sign_in_networks (
    account_id uuid NOT NULL REFERENCES accounts (id),
    digest bytea NOT NULL,
    signed_in_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, digest)
);
CREATE INDEX sign_in_networks_signed_in_at ON sign_in_networks (signed_in_at);

-- Plain digests of bodies with passwords in them: nothing of them stays in the file.
TRUNCATE idempotency_keys;
