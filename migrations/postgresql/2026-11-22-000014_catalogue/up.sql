-- catalogue: the group of products that a criteria set is for, out of its tree, so that products are filtered by it
ALTER TABLE criteria_sets ADD COLUMN sector text NOT NULL DEFAULT 'food';
UPDATE criteria_sets SET sector = tree ->> 'sector';
-- Who inserts a set says its sector.
ALTER TABLE criteria_sets ALTER COLUMN sector DROP DEFAULT;
