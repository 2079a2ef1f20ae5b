-- the working group's surveys on site, with their photographs and tests, and its reports

CREATE TABLE surveys (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    state text NOT NULL,
    surveyed_on date NOT NULL,
    team jsonb NOT NULL,
    findings jsonb NOT NULL,
    tests jsonb NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX surveys_agenda_item ON surveys (agenda_item_id);

-- Photographs, and the papers of laboratories where `test_id` says of which test.
CREATE TABLE survey_files (
    id uuid NOT NULL PRIMARY KEY,
    survey_id uuid NOT NULL REFERENCES surveys (id),
    file_id uuid NOT NULL REFERENCES files (id),
    test_id uuid,
    caption text,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX survey_files_survey ON survey_files (survey_id);

CREATE TABLE group_reports (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    agenda_item_id uuid NOT NULL UNIQUE REFERENCES agenda_items (id),
    unit_code text NOT NULL,
    state text NOT NULL,
    leader text NOT NULL,
    dossier_check text NOT NULL,
    assessment text NOT NULL,
    proposal text NOT NULL,
    proposal_text text,
    number text,
    dated date,
    content jsonb,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    UNIQUE (unit_code, number)
);
