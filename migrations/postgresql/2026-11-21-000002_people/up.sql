-- people: places, accounts, producers

-- Provinces, districts and communes, each with the days for which its code has this meaning.
CREATE TABLE units (
    code text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    level text NOT NULL,
    parent_code text COLLATE "C",
    name text NOT NULL,
    folded text COLLATE "C" NOT NULL,
    PRIMARY KEY (code, valid_from)
);
CREATE INDEX units_parent_code ON units (parent_code);

-- Producers (chủ thể) and where they were registered.
CREATE TABLE producers (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    folded text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    identity_number text COLLATE "C" NOT NULL UNIQUE,
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    address text NOT NULL,
    representative text NOT NULL,
    phone text NOT NULL,
    public_phone boolean NOT NULL,
    email text,
    created_at timestamptz NOT NULL
);
CREATE INDEX producers_folded_id ON producers (folded, id);
CREATE INDEX producers_commune_code ON producers (commune_code);
CREATE INDEX producers_district_code ON producers (district_code);

-- Who may sign in, and with which rights.
CREATE TABLE accounts (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    username text COLLATE "C" NOT NULL UNIQUE,
    password_hash text NOT NULL,
    name text NOT NULL,
    folded text COLLATE "C" NOT NULL,
    role text NOT NULL,
    unit_code text COLLATE "C",
    producer_id uuid REFERENCES producers (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX accounts_producer_id ON accounts (producer_id);

-- Refresh tokens by the digest of their secret; a family is one sign-in.
CREATE TABLE refresh_tokens (
    id uuid NOT NULL PRIMARY KEY,
    family_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    secret_digest bytea NOT NULL UNIQUE,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX refresh_tokens_family_id ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_account_id ON refresh_tokens (account_id);

-- Requests of producers to take part, until an officer confirms them.
CREATE TABLE registrations (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    state text NOT NULL,
    producer jsonb NOT NULL,
    identity_number text COLLATE "C" NOT NULL,
    claimed_producer_id uuid REFERENCES producers (id),
    username text COLLATE "C" NOT NULL,
    password_hash text NOT NULL,
    account_name text NOT NULL,
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    note text,
    created_at timestamptz NOT NULL
);
CREATE INDEX registrations_commune_code_state ON registrations (commune_code, state);
CREATE INDEX registrations_district_code_state ON registrations (district_code, state);
