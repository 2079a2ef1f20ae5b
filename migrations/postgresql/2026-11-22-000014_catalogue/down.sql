ALTER TABLE criteria_sets DROP COLUMN sector;
