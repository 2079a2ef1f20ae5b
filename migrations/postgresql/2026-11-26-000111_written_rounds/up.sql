-- agenda items: until when sheets are handed in where the council gives its opinion in writing
ALTER TABLE agenda_items ADD COLUMN written_until date;
