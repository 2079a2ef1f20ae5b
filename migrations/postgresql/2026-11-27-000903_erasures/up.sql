-- registrations: when what was said of persons was erased from a refused one
ALTER TABLE registrations ADD COLUMN erased_at timestamptz;
