-- desk: sign-ins of browsers, by the digest of the secret in their cookie
CREATE TABLE desk_sessions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    secret_digest BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL
) STRICT;
CREATE INDEX desk_sessions_account_id ON desk_sessions (account_id);
