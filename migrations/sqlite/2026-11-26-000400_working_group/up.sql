-- the working group's surveys on site, with their photographs and tests, and its reports

CREATE TABLE surveys (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    state TEXT NOT NULL,
    surveyed_on TEXT NOT NULL,
    team TEXT NOT NULL,
    findings TEXT NOT NULL,
    tests TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX surveys_agenda_item ON surveys (agenda_item_id);

-- Photographs, and the papers of laboratories where `test_id` says of which test.
CREATE TABLE survey_files (
    id BLOB NOT NULL PRIMARY KEY,
    survey_id BLOB NOT NULL REFERENCES surveys (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    test_id BLOB,
    caption TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX survey_files_survey ON survey_files (survey_id);

CREATE TABLE group_reports (
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
