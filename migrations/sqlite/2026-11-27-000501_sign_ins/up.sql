-- account: sign-ins and wrong passwords of late, each with the network that it came from, for whose account it is
-- (no reference: what is tried for a name that nobody has stands under no account, so that it costs the same)

CREATE TABLE sign_ins (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    network TEXT NOT NULL,
    succeeded INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ins_account_id ON sign_ins (account_id, succeeded, at);
CREATE INDEX sign_ins_at ON sign_ins (at);
