ALTER TABLE doubts DROP COLUMN consent_version;
ALTER TABLE registrations DROP COLUMN consent_version;
