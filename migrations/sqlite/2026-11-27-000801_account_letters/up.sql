-- notice: the letter that tells somebody of a step with an account; the row is there before anything is sent
CREATE TABLE account_letters (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    version INTEGER NOT NULL,
    recipient_id BLOB NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    next_at INTEGER,
    failure TEXT,
    PRIMARY KEY (account_id, version, recipient_id)
) STRICT;
CREATE INDEX account_letters_state ON account_letters (state);
