-- account: sign-ins and wrong passwords of late, each with the network that it came from, for whose account it is
-- (no reference: what is tried for a name that nobody has stands under no account, so that it costs the same)

CREATE TABLE sign_ins (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    at timestamptz NOT NULL,
    network text NOT NULL,
    succeeded boolean NOT NULL
);
CREATE INDEX sign_ins_account_id ON sign_ins (account_id, succeeded, at);
CREATE INDEX sign_ins_at ON sign_ins (at);
