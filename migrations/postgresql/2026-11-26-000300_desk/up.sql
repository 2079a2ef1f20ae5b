-- desk: sign-ins of browsers, by the digest of the secret in their cookie
CREATE TABLE desk_sessions (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    secret_digest bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    address text NOT NULL,
    device text NOT NULL
);
CREATE INDEX desk_sessions_account_id ON desk_sessions (account_id);
