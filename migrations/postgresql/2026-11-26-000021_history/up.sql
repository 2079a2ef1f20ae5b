-- history: steps have places in one sequence, so that it can be followed

-- Given when the step is sealed, in ever growing order over all instances. A sheet's steps never get one: they would tell of
-- a member's work before the result.
ALTER TABLE history ADD COLUMN place bigint;
UPDATE history SET place = ranked.place
FROM (
    SELECT resource, resource_id, version, row_number() OVER (ORDER BY seal, at, resource, resource_id, version) AS place
    FROM history
    WHERE seal IS NOT NULL AND resource <> 'sheet'
) AS ranked
WHERE history.resource = ranked.resource AND history.resource_id = ranked.resource_id AND history.version = ranked.version;
CREATE UNIQUE INDEX history_place ON history (place);

-- Steps that wait for a seal are read by their time.
DROP INDEX history_seal;
CREATE INDEX history_seal ON history (seal, at, resource, resource_id, version);
