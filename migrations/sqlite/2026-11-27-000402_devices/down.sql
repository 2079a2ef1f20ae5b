ALTER TABLE refresh_tokens DROP COLUMN device;
ALTER TABLE refresh_tokens DROP COLUMN address;
ALTER TABLE refresh_tokens DROP COLUMN begun_at;
