-- account: links by which people choose their password, by the digest of the secret in them; one of each account

CREATE TABLE password_links (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret_digest BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT;
