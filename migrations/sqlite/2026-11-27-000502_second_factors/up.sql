-- account: the secret that an account shares with an authenticator app, sealed; it is asked for once it is confirmed

CREATE TABLE second_factors (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    sealed BLOB NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER NOT NULL,
    reset_asked_by BLOB REFERENCES accounts (id)
) STRICT;

-- Codes for who lost the app, by their keyed digest; each goes with its use.
CREATE TABLE recovery_codes (
    digest BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX recovery_codes_account_id ON recovery_codes (account_id);
