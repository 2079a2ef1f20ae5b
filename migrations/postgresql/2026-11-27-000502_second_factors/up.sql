-- account: the secret that an account shares with an authenticator app, sealed; it is asked for once it is confirmed

CREATE TABLE second_factors (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id),
    sealed bytea NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL,
    reset_asked_by uuid REFERENCES accounts (id)
);

-- Codes for who lost the app, by their keyed digest; each goes with its use.
CREATE TABLE recovery_codes (
    digest bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id)
);
CREATE INDEX recovery_codes_account_id ON recovery_codes (account_id);
