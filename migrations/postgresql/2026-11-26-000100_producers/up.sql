-- producers: sex and ethnicity of who represents one, given freely

ALTER TABLE producers ADD COLUMN representative_sex text;
ALTER TABLE producers ADD COLUMN representative_ethnicity text;
