-- procedure: what a session needs around its sheets

-- What tells that an account belongs to a producer: identity number and residence.
ALTER TABLE accounts ADD COLUMN identity_number TEXT;
ALTER TABLE accounts ADD COLUMN residence_code TEXT;
ALTER TABLE accounts ADD COLUMN residence TEXT;

-- Members of a producer (thành viên, xã viên); null where none were named.
ALTER TABLE producers ADD COLUMN members TEXT;

-- When the session is, and when dossier and samples reached the members.
ALTER TABLE agenda_items ADD COLUMN session_on TEXT;
ALTER TABLE agenda_items ADD COLUMN dossier_sent_on TEXT;
ALTER TABLE agenda_items ADD COLUMN samples_sent_on TEXT;
ALTER TABLE agenda_items ADD COLUMN short_notice_accepted_by BLOB REFERENCES accounts (id);

-- Who checks dossiers before a council's session (tổ giúp việc).
CREATE TABLE working_groups (
    council_id BLOB NOT NULL REFERENCES councils (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (council_id, account_id)
) STRICT;
CREATE INDEX working_groups_account_id ON working_groups (account_id);

-- What the working group found in a dossier.
CREATE TABLE remarks (
    id BLOB NOT NULL PRIMARY KEY,
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    criterion TEXT,
    text TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX remarks_agenda_item_id ON remarks (agenda_item_id);

-- Seats that are not there for an item.
CREATE TABLE absences (
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (agenda_item_id, account_id)
) STRICT;

-- Appeals (khiếu nại) against a council's result, one for each result.
CREATE TABLE appeals (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    agenda_item_id BLOB NOT NULL UNIQUE REFERENCES agenda_items (id),
    unit_code TEXT NOT NULL,
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    state TEXT NOT NULL,
    grounds TEXT NOT NULL,
    answer TEXT,
    answered_by BLOB REFERENCES accounts (id),
    answered_at INTEGER,
    filed_by BLOB NOT NULL REFERENCES accounts (id),
    filed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX appeals_producer_id ON appeals (producer_id);
CREATE INDEX appeals_unit_code_id ON appeals (unit_code, id);
