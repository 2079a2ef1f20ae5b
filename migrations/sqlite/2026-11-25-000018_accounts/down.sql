DROP TABLE sign_in_networks;
DROP TABLE sign_in_failures;
ALTER TABLE accounts DROP COLUMN ended_at;
