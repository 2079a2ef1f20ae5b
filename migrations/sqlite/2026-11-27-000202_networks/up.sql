-- networks: evidence that a few networks cannot make, and what was dismissed

-- The day's hash of the network, which is the same for all stamps on that day; and whether its last scan was its first on its
-- day.
ALTER TABLE stamp_visitors ADD COLUMN network BLOB;
ALTER TABLE stamp_visitors ADD COLUMN is_new INTEGER;

-- How many stamps of a producer a network met on a day that other networks met too. Only those of many stay longer than
-- their day: the board shows them.
CREATE TABLE producer_networks (
    producer_id BLOB NOT NULL REFERENCES producers (id),
    day TEXT NOT NULL,
    network BLOB NOT NULL,
    stamps INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (producer_id, day, network)
) STRICT;
CREATE INDEX producer_networks_day ON producer_networks (day);

-- What a case rested on that was dismissed last, and when.
ALTER TABLE stamps ADD COLUMN dismissed_at INTEGER;
ALTER TABLE stamps ADD COLUMN dismissed_visitors INTEGER;
