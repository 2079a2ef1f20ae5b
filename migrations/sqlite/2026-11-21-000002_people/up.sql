-- people: places, accounts, producers

-- Provinces, districts and communes, each with the days for which its code has this meaning.
CREATE TABLE units (
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    level TEXT NOT NULL,
    parent_code TEXT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (code, valid_from)
) STRICT;
CREATE INDEX units_parent_code ON units (parent_code);

-- Producers (chủ thể) and where they were registered.
CREATE TABLE producers (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity_number TEXT NOT NULL UNIQUE,
    commune_code TEXT NOT NULL,
    district_code TEXT,
    address TEXT NOT NULL,
    representative TEXT NOT NULL,
    phone TEXT NOT NULL,
    public_phone INTEGER NOT NULL CHECK (public_phone IN (0, 1)),
    email TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX producers_folded_id ON producers (folded, id);
CREATE INDEX producers_commune_code ON producers (commune_code);
CREATE INDEX producers_district_code ON producers (district_code);

-- Who may sign in, and with which rights.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    role TEXT NOT NULL,
    unit_code TEXT,
    producer_id BLOB REFERENCES producers (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_producer_id ON accounts (producer_id);

-- Refresh tokens by the digest of their secret; a family is one sign-in.
CREATE TABLE refresh_tokens (
    id BLOB NOT NULL PRIMARY KEY,
    family_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    secret_digest BLOB NOT NULL UNIQUE,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_family_id ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_account_id ON refresh_tokens (account_id);

-- Requests of producers to take part, until an officer confirms them.
CREATE TABLE registrations (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    producer TEXT NOT NULL,
    identity_number TEXT NOT NULL,
    claimed_producer_id BLOB REFERENCES producers (id),
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    account_name TEXT NOT NULL,
    commune_code TEXT NOT NULL,
    district_code TEXT,
    note TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX registrations_commune_code_state ON registrations (commune_code, state);
CREATE INDEX registrations_district_code_state ON registrations (district_code, state);
