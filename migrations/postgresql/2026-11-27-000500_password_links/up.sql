-- account: links by which people choose their password, by the digest of the secret in them; one of each account

CREATE TABLE password_links (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret_digest bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
);
