-- notice: the letter that tells somebody of a step with an account; the row is there before anything is sent
CREATE TABLE account_letters (
    account_id uuid NOT NULL REFERENCES accounts (id),
    version integer NOT NULL,
    recipient_id uuid NOT NULL REFERENCES accounts (id),
    state text NOT NULL,
    attempts integer NOT NULL,
    changed_at timestamptz NOT NULL,
    next_at timestamptz,
    failure text,
    PRIMARY KEY (account_id, version, recipient_id)
);
CREATE INDEX account_letters_state ON account_letters (state);
