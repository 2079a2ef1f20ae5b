-- rating: councils, sheets, decisions

-- Councils of a unit for a round of a cycle.
CREATE TABLE councils (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    cycle_id uuid NOT NULL REFERENCES cycles (id),
    unit_code text COLLATE "C" NOT NULL,
    round integer NOT NULL,
    decision_number text NOT NULL,
    state text NOT NULL,
    rules jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (cycle_id, unit_code, round)
);

-- Who sits in a council, and whether the seat scores.
CREATE TABLE seats (
    id uuid NOT NULL PRIMARY KEY,
    council_id uuid NOT NULL REFERENCES councils (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    seat text NOT NULL,
    scores boolean NOT NULL,
    position integer NOT NULL,
    UNIQUE (council_id, account_id)
);
CREATE INDEX seats_account_id ON seats (account_id);

-- A dossier on a council's agenda.
CREATE TABLE agenda_items (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    council_id uuid NOT NULL REFERENCES councils (id),
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    sent_from uuid REFERENCES agenda_items (id),
    position integer NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL,
    admission text,
    note text,
    sent_up_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (council_id, dossier_id)
);
CREATE INDEX agenda_items_dossier_id ON agenda_items (dossier_id);

-- Seats that do not score an item.
CREATE TABLE recusals (
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (agenda_item_id, account_id)
);

-- One member's marks of one item in one attempt.
CREATE TABLE sheets (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    attempt integer NOT NULL,
    state text NOT NULL,
    marks jsonb NOT NULL,
    gate jsonb,
    total integer,
    gate_kind text,
    submitted_at timestamptz,
    UNIQUE (agenda_item_id, account_id, attempt)
);

-- What a council concluded.
CREATE TABLE results (
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    attempt integer NOT NULL,
    outcome text NOT NULL,
    stars integer,
    sum integer NOT NULL,
    sheets integer NOT NULL,
    gate_criterion text,
    gate_reason text,
    concluded_by uuid NOT NULL REFERENCES accounts (id),
    concluded_at timestamptz NOT NULL,
    PRIMARY KEY (agenda_item_id, attempt)
);

-- Why a council scored again.
CREATE TABLE rescores (
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    attempt integer NOT NULL,
    reason text NOT NULL,
    votes_for integer,
    votes_against integer,
    at timestamptz NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (agenda_item_id, attempt)
);

-- Decisions (quyết định) of a People's Committee.
CREATE TABLE decisions (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    kind text NOT NULL,
    unit_code text COLLATE "C" NOT NULL,
    state text NOT NULL,
    number text,
    signed_on date,
    reason text,
    drafted_by uuid NOT NULL REFERENCES accounts (id),
    promulgated_by uuid REFERENCES accounts (id),
    promulgated_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (unit_code, number)
);

-- Certificates of recognition.
CREATE TABLE certificates (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    number text COLLATE "C" NOT NULL UNIQUE,
    product_id uuid NOT NULL REFERENCES products (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    cycle_id uuid NOT NULL REFERENCES cycles (id),
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    decision_id uuid NOT NULL REFERENCES decisions (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    stars integer NOT NULL,
    issued_on date NOT NULL,
    valid_until date NOT NULL,
    revoked_on date,
    revoked_by uuid REFERENCES decisions (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX certificates_product_id ON certificates (product_id);
CREATE INDEX certificates_valid_until ON certificates (valid_until);

-- What a decision is about.
CREATE TABLE decision_items (
    decision_id uuid NOT NULL REFERENCES decisions (id),
    position integer NOT NULL,
    agenda_item_id uuid REFERENCES agenda_items (id),
    certificate_id uuid REFERENCES certificates (id),
    stars integer,
    PRIMARY KEY (decision_id, position)
);
CREATE INDEX decision_items_agenda_item_id ON decision_items (agenda_item_id);
CREATE INDEX decision_items_certificate_id ON decision_items (certificate_id);
