-- tries: limits for each network, so that nobody's tries and doubts are in another's way

-- Wrong scratch codes of a stamp from a network, known by a hash under the stamp's own key, on its last day.
CREATE TABLE stamp_tries (
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    network BLOB NOT NULL,
    tried_on TEXT NOT NULL,
    wrong INTEGER NOT NULL,
    PRIMARY KEY (order_id, serial, network)
) STRICT;

-- The day's hash of the sender's network.
ALTER TABLE doubts ADD COLUMN network BLOB;
CREATE INDEX doubts_network ON doubts (network);
