ALTER TABLE dossiers DROP COLUMN scored_as;
