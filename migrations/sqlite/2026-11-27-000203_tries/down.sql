DROP INDEX doubts_network;
ALTER TABLE doubts DROP COLUMN network;
DROP TABLE stamp_tries;
