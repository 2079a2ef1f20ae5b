-- written notices of results

CREATE TABLE result_notices (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    attempt INTEGER NOT NULL,
    unit_code TEXT NOT NULL,
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    number TEXT NOT NULL,
    dated TEXT NOT NULL,
    remark TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    UNIQUE (agenda_item_id, attempt),
    UNIQUE (unit_code, number)
) STRICT;
CREATE INDEX result_notices_producer ON result_notices (producer_id);
CREATE INDEX result_notices_commune ON result_notices (commune_code);
