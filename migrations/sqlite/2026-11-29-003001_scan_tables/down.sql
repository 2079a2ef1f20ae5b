-- Who came to a stamp is counted anew, as after a dismissal: hashes of a day cannot be told apart for longer than that anyway.
ALTER TABLE stamps RENAME TO later_stamps;
ALTER TABLE scans RENAME TO later_scans;

CREATE TABLE stamps (
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    suspect_at INTEGER,
    dismissed_at INTEGER,
    dismissed_visitors INTEGER,
    PRIMARY KEY (order_id, serial)
) STRICT;

CREATE TABLE scans (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    at INTEGER NOT NULL,
    language TEXT NOT NULL,
    latitude INTEGER,
    longitude INTEGER,
    visitor BLOB NOT NULL
) STRICT;

CREATE TABLE stamp_visitors (
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    visitor BLOB NOT NULL,
    day TEXT NOT NULL,
    at INTEGER,
    latitude INTEGER,
    longitude INTEGER,
    network BLOB,
    is_new INTEGER,
    PRIMARY KEY (order_id, serial, visitor)
) STRICT;

INSERT INTO stamps (order_id, serial, scans, first_at, last_at, suspect_at, dismissed_at, dismissed_visitors)
SELECT o.id, s.serial, s.scans, s.first_at, s.last_at, s.suspect_at, s.dismissed_at, s.dismissed_visitors
FROM later_stamps s JOIN stamp_orders o ON o.number = s.order_number;

INSERT INTO scans (id, order_id, serial, at, language, latitude, longitude, visitor)
SELECT randomblob(16), o.id, s.serial, s.at, s.language, s.latitude, s.longitude, s.visitor
FROM later_scans s JOIN stamp_orders o ON o.number = s.order_number;

CREATE INDEX scans_order_id_serial_at ON scans (order_id, serial, at);
DROP TABLE later_scans;
DROP TABLE later_stamps;
