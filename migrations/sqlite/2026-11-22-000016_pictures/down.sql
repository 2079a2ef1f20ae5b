ALTER TABLE pictures DROP COLUMN small_file_id;
ALTER TABLE pictures DROP COLUMN medium_file_id;
ALTER TABLE pictures DROP COLUMN height;
ALTER TABLE pictures DROP COLUMN width;
