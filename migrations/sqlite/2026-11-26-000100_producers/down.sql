ALTER TABLE producers DROP COLUMN representative_ethnicity;
ALTER TABLE producers DROP COLUMN representative_sex;
