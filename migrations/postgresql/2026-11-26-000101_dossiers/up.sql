-- dossiers: their kind, what each kind holds, submissions as they were, the commune's report, samples

ALTER TABLE dossiers ADD COLUMN kind text;
ALTER TABLE dossiers ADD COLUMN changes jsonb;
ALTER TABLE dossiers ADD COLUMN updates jsonb;
ALTER TABLE dossiers ADD COLUMN yearly_figures jsonb;
ALTER TABLE dossiers ADD COLUMN report jsonb;
ALTER TABLE dossiers ADD COLUMN received_at timestamptz;
ALTER TABLE dossiers ADD COLUMN commune_due_on date;
ALTER TABLE dossiers ADD COLUMN forwarded_at timestamptz;
ALTER TABLE dossiers ADD COLUMN number text;
ALTER TABLE dossiers ADD COLUMN province_number text;
ALTER TABLE dossiers ADD COLUMN samples_needed integer;
CREATE INDEX dossiers_state_commune_due_on ON dossiers (state, commune_due_on);

-- What was handed in, as it was, with its digest.
CREATE TABLE dossier_submissions (
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    number integer NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    content jsonb NOT NULL,
    digest bytea NOT NULL,
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, number)
);

-- What the commune found of a dossier (form 03), each time that it sent it on.
CREATE TABLE commune_reports (
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    number integer NOT NULL,
    local_material text NOT NULL,
    local_labour text NOT NULL,
    origin_of_idea text NOT NULL,
    local_identity text NOT NULL,
    completeness text NOT NULL,
    letter_number text NOT NULL,
    letter_date date NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, number)
);

-- Sample units that the office holds or gave back.
CREATE TABLE dossier_samples (
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    number integer NOT NULL,
    units integer NOT NULL,
    received_on date NOT NULL,
    received_by uuid NOT NULL REFERENCES accounts (id),
    kept_at text NOT NULL,
    given_back_on date,
    given_back_to text,
    given_back_by uuid REFERENCES accounts (id),
    PRIMARY KEY (dossier_id, number)
);
