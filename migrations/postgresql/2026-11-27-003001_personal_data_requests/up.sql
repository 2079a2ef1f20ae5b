-- personal_data: what persons ask about their own data (export, erasure, correction), and what they were answered

CREATE TABLE personal_data_requests (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    number integer NOT NULL UNIQUE,
    kind text NOT NULL,
    state text NOT NULL,
    account_id uuid REFERENCES accounts (id),
    recorded_by uuid REFERENCES accounts (id),
    name text,
    contact text,
    recognised_by text,
    recognised_value text,
    identity_check text,
    reference text,
    text text,
    received_at timestamptz NOT NULL,
    due_on date NOT NULL,
    closed_at timestamptz,
    answer text,
    outcome jsonb,
    erased_at timestamptz
);
CREATE INDEX personal_data_requests_account_id ON personal_data_requests (account_id);
CREATE INDEX personal_data_requests_state ON personal_data_requests (state, due_on);
