DROP INDEX history_unplaced;
ALTER TABLE seals DROP COLUMN salt;
