DROP INDEX history_seal;
CREATE INDEX history_seal ON history (seal, resource, resource_id, version);
DROP INDEX history_place;
ALTER TABLE history DROP COLUMN place;
