-- written notices of results

CREATE TABLE result_notices (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    attempt integer NOT NULL,
    unit_code text NOT NULL,
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text NOT NULL,
    district_code text,
    number text NOT NULL,
    dated date NOT NULL,
    remark text,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    UNIQUE (agenda_item_id, attempt),
    UNIQUE (unit_code, number)
);
CREATE INDEX result_notices_producer ON result_notices (producer_id);
CREATE INDEX result_notices_commune ON result_notices (commune_code);
