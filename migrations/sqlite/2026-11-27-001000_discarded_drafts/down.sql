-- Fails where something was discarded and begun again: which of the two to keep is a person's to say.
CREATE TABLE plans_anew (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    idea_id BLOB NOT NULL UNIQUE REFERENCES ideas (id),
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    product_id BLOB REFERENCES products (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    state TEXT NOT NULL,
    capacity TEXT NOT NULL,
    market TEXT NOT NULL,
    materials TEXT NOT NULL,
    technology TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO plans_anew SELECT * FROM plans;
DROP TABLE plans;
ALTER TABLE plans_anew RENAME TO plans;
CREATE INDEX plans_cycle_id_state ON plans (cycle_id, state);
CREATE INDEX plans_producer_id ON plans (producer_id);
CREATE INDEX plans_product_id ON plans (product_id);
CREATE INDEX plans_commune_code_id ON plans (commune_code, id);
CREATE INDEX plans_district_code_id ON plans (district_code, id);
CREATE TABLE councils_anew (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    unit_code TEXT NOT NULL,
    round INTEGER NOT NULL,
    decision_number TEXT NOT NULL,
    state TEXT NOT NULL,
    rules TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    delegation TEXT,
    UNIQUE (cycle_id, unit_code, round)
) STRICT;
INSERT INTO councils_anew SELECT * FROM councils;
DROP TABLE councils;
ALTER TABLE councils_anew RENAME TO councils;
CREATE TABLE group_reports_anew (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    agenda_item_id BLOB NOT NULL UNIQUE REFERENCES agenda_items (id),
    unit_code TEXT NOT NULL,
    state TEXT NOT NULL,
    leader TEXT NOT NULL,
    dossier_check TEXT NOT NULL,
    assessment TEXT NOT NULL,
    proposal TEXT NOT NULL,
    proposal_text TEXT,
    number TEXT,
    dated TEXT,
    content TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (unit_code, number)
) STRICT;
INSERT INTO group_reports_anew SELECT * FROM group_reports;
DROP TABLE group_reports;
ALTER TABLE group_reports_anew RENAME TO group_reports;
