-- agenda items: when the centre's result below 90 points was promulgated, after which the province may rate the product itself
ALTER TABLE agenda_items ADD COLUMN declined_by_centre_at timestamptz;
