-- inspections after recognition: plans of a year, visits with checklist, minutes and samples, corrections, conclusions

CREATE TABLE inspection_plans (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    unit_code text NOT NULL,
    year integer NOT NULL,
    state text NOT NULL,
    text text NOT NULL,
    number text,
    signed_on date,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX inspection_plans_year ON inspection_plans (unit_code, year);

CREATE TABLE inspections (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text NOT NULL,
    district_code text,
    kind text NOT NULL,
    inspection_plan_id uuid REFERENCES inspection_plans (id),
    reason text,
    decision_number text NOT NULL,
    decision_signed_on date NOT NULL,
    begins_on date NOT NULL,
    ends_on date NOT NULL,
    members jsonb NOT NULL,
    state text NOT NULL,
    visited_at timestamptz,
    answers jsonb NOT NULL,
    broken integer NOT NULL,
    samples jsonb NOT NULL,
    minutes jsonb,
    latitude integer,
    longitude integer,
    corrections jsonb NOT NULL,
    due_on date,
    result text,
    conclusion text,
    ground text,
    concluded_on date,
    concluded_by uuid REFERENCES accounts (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX inspections_product ON inspections (product_id);
CREATE INDEX inspections_producer ON inspections (producer_id);
CREATE INDEX inspections_plan ON inspections (inspection_plan_id);

CREATE TABLE inspection_files (
    id uuid NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    file_id uuid NOT NULL REFERENCES files (id),
    purpose text NOT NULL,
    caption text,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX inspection_files_inspection ON inspection_files (inspection_id);
