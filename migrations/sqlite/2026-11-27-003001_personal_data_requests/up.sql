-- personal_data: what persons ask about their own data (export, erasure, correction), and what they were answered

CREATE TABLE personal_data_requests (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    account_id BLOB REFERENCES accounts (id),
    recorded_by BLOB REFERENCES accounts (id),
    name TEXT,
    contact TEXT,
    recognised_by TEXT,
    recognised_value TEXT,
    identity_check TEXT,
    reference TEXT,
    text TEXT,
    received_at INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    closed_at INTEGER,
    answer TEXT,
    outcome TEXT,
    erased_at INTEGER
) STRICT;
CREATE INDEX personal_data_requests_account_id ON personal_data_requests (account_id);
CREATE INDEX personal_data_requests_state ON personal_data_requests (state, due_on);
