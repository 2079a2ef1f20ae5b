DROP TABLE notices;
ALTER TABLE certificates DROP COLUMN superseded_by;
ALTER TABLE results DROP COLUMN unmet;
ALTER TABLE dossiers DROP COLUMN figures;
ALTER TABLE cycles DROP COLUMN conditions;
