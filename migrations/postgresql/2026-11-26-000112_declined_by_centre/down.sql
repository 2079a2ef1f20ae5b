ALTER TABLE agenda_items DROP COLUMN declined_by_centre_at;
