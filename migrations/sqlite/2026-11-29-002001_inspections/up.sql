-- inspections after recognition: plans of a year, visits with checklist, minutes and samples, corrections, conclusions

CREATE TABLE inspection_plans (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    unit_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    state TEXT NOT NULL,
    text TEXT NOT NULL,
    number TEXT,
    signed_on TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_plans_year ON inspection_plans (unit_code, year);

CREATE TABLE inspections (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    product_id BLOB NOT NULL REFERENCES products (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    kind TEXT NOT NULL,
    inspection_plan_id BLOB REFERENCES inspection_plans (id),
    reason TEXT,
    decision_number TEXT NOT NULL,
    decision_signed_on TEXT NOT NULL,
    begins_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    members TEXT NOT NULL,
    state TEXT NOT NULL,
    visited_at INTEGER,
    answers TEXT NOT NULL,
    broken INTEGER NOT NULL,
    samples TEXT NOT NULL,
    minutes TEXT,
    latitude INTEGER,
    longitude INTEGER,
    corrections TEXT NOT NULL,
    due_on TEXT,
    result TEXT,
    conclusion TEXT,
    ground TEXT,
    concluded_on TEXT,
    concluded_by BLOB REFERENCES accounts (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspections_product ON inspections (product_id);
CREATE INDEX inspections_producer ON inspections (producer_id);
CREATE INDEX inspections_plan ON inspections (inspection_plan_id);

CREATE TABLE inspection_files (
    id BLOB NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    purpose TEXT NOT NULL,
    caption TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_files_inspection ON inspection_files (inspection_id);
