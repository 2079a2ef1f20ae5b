ALTER TABLE agenda_items DROP COLUMN written_until;
