-- rating: councils, sheets, decisions

-- Councils of a unit for a round of a cycle.
CREATE TABLE councils (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    unit_code TEXT NOT NULL,
    round INTEGER NOT NULL,
    decision_number TEXT NOT NULL,
    state TEXT NOT NULL,
    rules TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (cycle_id, unit_code, round)
) STRICT;

-- Who sits in a council, and whether the seat scores.
CREATE TABLE seats (
    id BLOB NOT NULL PRIMARY KEY,
    council_id BLOB NOT NULL REFERENCES councils (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    seat TEXT NOT NULL,
    scores INTEGER NOT NULL CHECK (scores IN (0, 1)),
    position INTEGER NOT NULL,
    UNIQUE (council_id, account_id)
) STRICT;
CREATE INDEX seats_account_id ON seats (account_id);

-- A dossier on a council's agenda.
CREATE TABLE agenda_items (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    council_id BLOB NOT NULL REFERENCES councils (id),
    dossier_id BLOB NOT NULL REFERENCES dossiers (id),
    sent_from BLOB REFERENCES agenda_items (id),
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    admission TEXT,
    note TEXT,
    sent_up_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (council_id, dossier_id)
) STRICT;
CREATE INDEX agenda_items_dossier_id ON agenda_items (dossier_id);

-- Seats that do not score an item.
CREATE TABLE recusals (
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (agenda_item_id, account_id)
) STRICT;

-- One member's marks of one item in one attempt.
CREATE TABLE sheets (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL,
    marks TEXT NOT NULL,
    gate TEXT,
    total INTEGER,
    gate_kind TEXT,
    submitted_at INTEGER,
    UNIQUE (agenda_item_id, account_id, attempt)
) STRICT;

-- What a council concluded.
CREATE TABLE results (
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    stars INTEGER,
    sum INTEGER NOT NULL,
    sheets INTEGER NOT NULL,
    gate_criterion TEXT,
    gate_reason TEXT,
    concluded_by BLOB NOT NULL REFERENCES accounts (id),
    concluded_at INTEGER NOT NULL,
    PRIMARY KEY (agenda_item_id, attempt)
) STRICT;

-- Why a council scored again.
CREATE TABLE rescores (
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    attempt INTEGER NOT NULL,
    reason TEXT NOT NULL,
    votes_for INTEGER,
    votes_against INTEGER,
    at INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (agenda_item_id, attempt)
) STRICT;

-- Decisions (quyết định) of a People's Committee.
CREATE TABLE decisions (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    state TEXT NOT NULL,
    number TEXT,
    signed_on TEXT,
    reason TEXT,
    drafted_by BLOB NOT NULL REFERENCES accounts (id),
    promulgated_by BLOB REFERENCES accounts (id),
    promulgated_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (unit_code, number)
) STRICT;

-- Certificates of recognition.
CREATE TABLE certificates (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    number TEXT NOT NULL UNIQUE,
    product_id BLOB NOT NULL REFERENCES products (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    decision_id BLOB NOT NULL REFERENCES decisions (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    stars INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    revoked_on TEXT,
    revoked_by BLOB REFERENCES decisions (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX certificates_product_id ON certificates (product_id);
CREATE INDEX certificates_valid_until ON certificates (valid_until);

-- What a decision is about.
CREATE TABLE decision_items (
    decision_id BLOB NOT NULL REFERENCES decisions (id),
    position INTEGER NOT NULL,
    agenda_item_id BLOB REFERENCES agenda_items (id),
    certificate_id BLOB REFERENCES certificates (id),
    stars INTEGER,
    PRIMARY KEY (decision_id, position)
) STRICT;
CREATE INDEX decision_items_agenda_item_id ON decision_items (agenda_item_id);
CREATE INDEX decision_items_certificate_id ON decision_items (certificate_id);
