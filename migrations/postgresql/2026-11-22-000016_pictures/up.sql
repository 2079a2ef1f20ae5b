-- pictures: three sizes; of a picture from before, the smaller ones are made when they are first asked for
ALTER TABLE pictures ADD COLUMN width integer;
ALTER TABLE pictures ADD COLUMN height integer;
ALTER TABLE pictures ADD COLUMN medium_file_id uuid REFERENCES files (id);
ALTER TABLE pictures ADD COLUMN small_file_id uuid REFERENCES files (id);
