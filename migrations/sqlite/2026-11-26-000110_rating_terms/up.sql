-- dossiers: where one came from under an earlier edition, with which set it was entered anew, when it ended without a result.
-- A plan carries on a dossier that is carried over.
CREATE TABLE dossiers_anew (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    product_id BLOB NOT NULL REFERENCES products (id),
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    plan_id BLOB NOT NULL REFERENCES plans (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    state TEXT NOT NULL,
    criteria_set_id BLOB REFERENCES criteria_sets (id),
    responsible_account_id BLOB REFERENCES accounts (id),
    self_marks TEXT,
    submitted_at INTEGER,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    created_at INTEGER NOT NULL,
    figures TEXT NOT NULL DEFAULT '{}',
    scored_as TEXT,
    kind TEXT,
    changes TEXT,
    updates TEXT,
    yearly_figures TEXT,
    report TEXT,
    received_at INTEGER,
    commune_due_on TEXT,
    forwarded_at INTEGER,
    number TEXT,
    province_number TEXT,
    samples_needed INTEGER,
    carried_from BLOB REFERENCES dossiers (id),
    criteria_set_code TEXT,
    ended_at INTEGER,
    UNIQUE (product_id, cycle_id)
) STRICT;
INSERT INTO dossiers_anew (
    id, version, product_id, cycle_id, plan_id, producer_id, commune_code, district_code, state, criteria_set_id,
    responsible_account_id, self_marks, submitted_at, late, created_at, figures, scored_as, kind, changes, updates,
    yearly_figures, report, received_at, commune_due_on, forwarded_at, number, province_number, samples_needed
)
SELECT
    id, version, product_id, cycle_id, plan_id, producer_id, commune_code, district_code, state, criteria_set_id,
    responsible_account_id, self_marks, submitted_at, late, created_at, figures, scored_as, kind, changes, updates,
    yearly_figures, report, received_at, commune_due_on, forwarded_at, number, province_number, samples_needed
FROM dossiers;
DROP TABLE dossiers;
ALTER TABLE dossiers_anew RENAME TO dossiers;
CREATE INDEX dossiers_cycle_id_state ON dossiers (cycle_id, state);
CREATE INDEX dossiers_product_id ON dossiers (product_id);
CREATE INDEX dossiers_producer_id ON dossiers (producer_id);
CREATE INDEX dossiers_commune_code_id ON dossiers (commune_code, id);
CREATE INDEX dossiers_district_code_id ON dossiers (district_code, id);
CREATE INDEX dossiers_state_commune_due_on ON dossiers (state, commune_due_on);
CREATE INDEX dossiers_plan_id ON dossiers (plan_id);
CREATE UNIQUE INDEX dossiers_carried_from ON dossiers (carried_from);
