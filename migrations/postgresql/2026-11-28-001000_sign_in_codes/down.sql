ALTER TABLE sign_ins DROP COLUMN with_code;
