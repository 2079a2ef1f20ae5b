ALTER TABLE sheets DROP COLUMN commitment;
ALTER TABLE sheets DROP COLUMN salt;
DROP TABLE seals;
DROP INDEX history_seal;
ALTER TABLE history DROP COLUMN seal;
ALTER TABLE history DROP COLUMN note_digest;
ALTER TABLE history DROP COLUMN note_salt;
ALTER TABLE history DROP COLUMN content;
ALTER TABLE history DROP COLUMN digest;
