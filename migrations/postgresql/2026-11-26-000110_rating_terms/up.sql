-- dossiers: where one came from under an earlier edition, with which set it was entered anew, when it ended without a result.
-- A plan carries on a dossier that is carried over.
ALTER TABLE dossiers ADD COLUMN carried_from uuid REFERENCES dossiers (id);
ALTER TABLE dossiers ADD COLUMN criteria_set_code text;
ALTER TABLE dossiers ADD COLUMN ended_at timestamptz;
ALTER TABLE dossiers DROP CONSTRAINT dossiers_plan_id_key;
CREATE INDEX dossiers_plan_id ON dossiers (plan_id);
CREATE UNIQUE INDEX dossiers_carried_from ON dossiers (carried_from);
