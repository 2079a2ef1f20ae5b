ALTER TABLE results DROP COLUMN unmet_options;
