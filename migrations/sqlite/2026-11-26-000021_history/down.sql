DROP INDEX history_place;
ALTER TABLE history DROP COLUMN place;
