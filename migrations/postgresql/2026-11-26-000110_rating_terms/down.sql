DROP INDEX dossiers_carried_from;
DROP INDEX dossiers_plan_id;
ALTER TABLE dossiers ADD CONSTRAINT dossiers_plan_id_key UNIQUE (plan_id);
ALTER TABLE dossiers DROP COLUMN ended_at;
ALTER TABLE dossiers DROP COLUMN criteria_set_code;
ALTER TABLE dossiers DROP COLUMN carried_from;
