-- dossiers: where one came from under an earlier edition, with which set it was entered anew, when it ended without a result.
-- A plan carries on a dossier that is carried over, and a product may come again in a year in which its dossier was withdrawn.
ALTER TABLE dossiers ADD COLUMN carried_from uuid REFERENCES dossiers (id);
ALTER TABLE dossiers ADD COLUMN criteria_set_code text;
ALTER TABLE dossiers ADD COLUMN ended_at timestamptz;
ALTER TABLE dossiers DROP CONSTRAINT dossiers_plan_id_key;
ALTER TABLE dossiers DROP CONSTRAINT dossiers_product_id_cycle_id_key;
CREATE INDEX dossiers_plan_id ON dossiers (plan_id);
CREATE UNIQUE INDEX dossiers_product_id_cycle_id ON dossiers (product_id, cycle_id) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX dossiers_carried_from ON dossiers (carried_from);
