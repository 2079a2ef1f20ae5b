ALTER TABLE criteria_sets DROP COLUMN title_en;
