ALTER TABLE councils DROP COLUMN delegation;
ALTER TABLE seats DROP COLUMN organisation;
