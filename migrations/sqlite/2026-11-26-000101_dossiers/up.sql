-- dossiers: their kind, what each kind holds, submissions as they were, the commune's report, samples

ALTER TABLE dossiers ADD COLUMN kind TEXT;
ALTER TABLE dossiers ADD COLUMN changes TEXT;
ALTER TABLE dossiers ADD COLUMN updates TEXT;
ALTER TABLE dossiers ADD COLUMN yearly_figures TEXT;
ALTER TABLE dossiers ADD COLUMN report TEXT;
ALTER TABLE dossiers ADD COLUMN received_at INTEGER;
ALTER TABLE dossiers ADD COLUMN commune_due_on TEXT;
ALTER TABLE dossiers ADD COLUMN forwarded_at INTEGER;
ALTER TABLE dossiers ADD COLUMN number TEXT;
ALTER TABLE dossiers ADD COLUMN province_number TEXT;
ALTER TABLE dossiers ADD COLUMN samples_needed INTEGER;
CREATE INDEX dossiers_state_commune_due_on ON dossiers (state, commune_due_on);

-- What was handed in, as it was, with its digest.
CREATE TABLE dossier_submissions (
    dossier_id BLOB NOT NULL REFERENCES dossiers (id),
    number INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    content TEXT NOT NULL,
    digest BLOB NOT NULL,
    submitted_at INTEGER NOT NULL,
    PRIMARY KEY (dossier_id, number)
) STRICT;

-- What the commune found of a dossier (form 03), each time that it sent it on.
CREATE TABLE commune_reports (
    dossier_id BLOB NOT NULL REFERENCES dossiers (id),
    number INTEGER NOT NULL,
    local_material TEXT NOT NULL,
    local_labour TEXT NOT NULL,
    origin_of_idea TEXT NOT NULL,
    local_identity TEXT NOT NULL,
    completeness TEXT NOT NULL,
    letter_number TEXT NOT NULL,
    letter_date TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (dossier_id, number)
) STRICT;

-- Sample units that the office holds or gave back.
CREATE TABLE dossier_samples (
    dossier_id BLOB NOT NULL REFERENCES dossiers (id),
    number INTEGER NOT NULL,
    units INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    received_by BLOB NOT NULL REFERENCES accounts (id),
    kept_at TEXT NOT NULL,
    given_back_on TEXT,
    given_back_to TEXT,
    given_back_by BLOB REFERENCES accounts (id),
    PRIMARY KEY (dossier_id, number)
) STRICT;
