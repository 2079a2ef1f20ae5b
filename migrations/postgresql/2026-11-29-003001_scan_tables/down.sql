-- Who came to a stamp is counted anew, as after a dismissal: hashes of a day cannot be told apart for longer than that anyway.
ALTER TABLE stamps RENAME TO later_stamps;
ALTER INDEX stamps_pkey RENAME TO later_stamps_pkey;
ALTER TABLE scans RENAME TO later_scans;
DROP FUNCTION make_month_of_scans(date);

CREATE TABLE stamps (
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    scans bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    suspect_at timestamptz,
    dismissed_at timestamptz,
    dismissed_visitors integer,
    PRIMARY KEY (order_id, serial)
);

CREATE TABLE scans (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    at timestamptz NOT NULL,
    language text NOT NULL,
    latitude integer,
    longitude integer,
    visitor bytea NOT NULL
);

CREATE TABLE stamp_visitors (
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    visitor bytea NOT NULL,
    day date NOT NULL,
    at timestamptz,
    latitude integer,
    longitude integer,
    network bytea,
    is_new boolean,
    PRIMARY KEY (order_id, serial, visitor)
);

INSERT INTO stamps (order_id, serial, scans, first_at, last_at, suspect_at, dismissed_at, dismissed_visitors)
SELECT o.id, s.serial, s.scans, s.first_at, s.last_at, s.suspect_at, s.dismissed_at, s.dismissed_visitors
FROM later_stamps s JOIN stamp_orders o ON o.number = s.order_number;

INSERT INTO scans (id, order_id, serial, at, language, latitude, longitude, visitor)
SELECT gen_random_uuid(), o.id, s.serial, s.at, s.language, s.latitude, s.longitude, s.visitor
FROM later_scans s JOIN stamp_orders o ON o.number = s.order_number;

CREATE INDEX scans_order_id_serial_at ON scans (order_id, serial, at);
DROP TABLE later_scans;
DROP TABLE later_stamps;
