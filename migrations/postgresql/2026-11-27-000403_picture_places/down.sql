ALTER TABLE pictures DROP COLUMN place;
