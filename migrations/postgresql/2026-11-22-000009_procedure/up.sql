-- procedure: what a session needs around its sheets

-- What tells that an account belongs to a producer: identity number and residence.
ALTER TABLE accounts ADD COLUMN identity_number text COLLATE "C";
ALTER TABLE accounts ADD COLUMN residence_code text COLLATE "C";
ALTER TABLE accounts ADD COLUMN residence text;

-- Members of a producer (thành viên, xã viên); null where none were named.
ALTER TABLE producers ADD COLUMN members jsonb;

-- When the session is, and when dossier and samples reached the members.
ALTER TABLE agenda_items ADD COLUMN session_on date;
ALTER TABLE agenda_items ADD COLUMN dossier_sent_on date;
ALTER TABLE agenda_items ADD COLUMN samples_sent_on date;
ALTER TABLE agenda_items ADD COLUMN short_notice_accepted_by uuid REFERENCES accounts (id);

-- Who checks dossiers before a council's session (tổ giúp việc).
CREATE TABLE working_groups (
    council_id uuid NOT NULL REFERENCES councils (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    position integer NOT NULL,
    PRIMARY KEY (council_id, account_id)
);
CREATE INDEX working_groups_account_id ON working_groups (account_id);

-- What the working group found in a dossier.
CREATE TABLE remarks (
    id uuid NOT NULL PRIMARY KEY,
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    criterion text,
    text text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX remarks_agenda_item_id ON remarks (agenda_item_id);

-- Seats that are not there for an item.
CREATE TABLE absences (
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    reason text NOT NULL,
    recorded_by uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (agenda_item_id, account_id)
);

-- Appeals (khiếu nại) against a council's result, one for each result.
CREATE TABLE appeals (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    agenda_item_id uuid NOT NULL UNIQUE REFERENCES agenda_items (id),
    unit_code text COLLATE "C" NOT NULL,
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    state text NOT NULL,
    grounds text NOT NULL,
    answer text,
    answered_by uuid REFERENCES accounts (id),
    answered_at timestamptz,
    filed_by uuid NOT NULL REFERENCES accounts (id),
    filed_at timestamptz NOT NULL
);
CREATE INDEX appeals_producer_id ON appeals (producer_id);
CREATE INDEX appeals_unit_code_id ON appeals (unit_code, id);
