-- scans: one row for each stamp under the number that its code names, with who came and what the board shows of it; a log of
-- scans that only grows

ALTER TABLE stamps RENAME TO former_stamps;
ALTER TABLE scans RENAME TO former_scans;
ALTER TABLE stamp_visitors RENAME TO former_visitors;

-- What happened to single stamps; a stamp that was never scanned has no row. No reference: who writes it has read the order in
-- the same transaction, and orders stay for good.
CREATE TABLE stamps (
    order_number INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    suspect_at INTEGER,
    dismissed_at INTEGER,
    dismissed_visitors INTEGER,
    visitors BLOB NOT NULL,
    evidence BLOB NOT NULL,
    PRIMARY KEY (order_number, serial)
) STRICT, WITHOUT ROWID;

-- Every scan, without who it was; nothing of the service reads it.
CREATE TABLE scans (
    order_number INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    at INTEGER NOT NULL,
    language TEXT NOT NULL,
    latitude INTEGER,
    longitude INTEGER,
    visitor BLOB NOT NULL
) STRICT;

INSERT INTO scans (order_number, serial, at, language, latitude, longitude, visitor)
SELECT o.number, s.serial, s.at, s.language, s.latitude, s.longitude, s.visitor
FROM former_scans s JOIN stamp_orders o ON o.id = s.order_id
ORDER BY s.at;

-- How both columns are written, `stamp/rules/visitors.rs` and `stamp/rules/evidence.rs` tell.
INSERT INTO stamps (
    order_number, serial, scans, first_at, last_at, suspect_at, dismissed_at, dismissed_visitors, visitors, evidence
)
WITH told AS (
    SELECT order_id, serial, at, latitude, longitude, (at + 25200000000) / 86400000000 AS day,
        CASE WHEN length(visitor) > 0 THEN substr(visitor, 1, 8) END AS visitor
    FROM former_scans
),
days AS (
    SELECT order_id, serial, day, count(*) AS scans, count(DISTINCT visitor) AS visitors,
        row_number() OVER (PARTITION BY order_id, serial ORDER BY day DESC) AS back
    FROM told GROUP BY order_id, serial, day
),
places AS (
    SELECT order_id, serial, latitude, longitude, count(*) AS scans, count(DISTINCT visitor) AS visitors,
        min(at) AS first_at, max(at) AS last_at,
        row_number() OVER (
            PARTITION BY order_id, serial ORDER BY count(DISTINCT visitor) DESC, max(at) DESC, latitude, longitude
        ) AS back
    FROM told WHERE latitude IS NOT NULL GROUP BY order_id, serial, latitude, longitude
),
addresses AS (
    SELECT t.order_id, t.serial, t.day, t.visitor, t.latitude, t.longitude, min(t.at) AS at,
        row_number() OVER (PARTITION BY t.order_id, t.serial ORDER BY min(t.at) DESC, t.visitor) AS back
    FROM told t JOIN days d ON d.order_id = t.order_id AND d.serial = t.serial AND d.day = t.day AND d.back = 1
    WHERE t.visitor IS NOT NULL GROUP BY t.order_id, t.serial, t.day, t.visitor, t.latitude, t.longitude
),
packed_days AS (
    SELECT order_id, serial, printf('%04X', count(*))
        || group_concat(printf('%08X%08X%08X', day, scans, visitors), '' ORDER BY day) AS packed
    FROM days WHERE back <= 60 GROUP BY order_id, serial
),
packed_places AS (
    SELECT order_id, serial, group_concat(
        printf('%04X%04X%08X%08X%016X%016X', latitude & 65535, longitude & 65535, scans, visitors, first_at, last_at),
        '' ORDER BY back
    ) AS packed
    FROM places WHERE back <= 40 GROUP BY order_id, serial
),
packed_addresses AS (
    SELECT order_id, serial, printf('%08X%04X', max(day), count(*)) || group_concat(
        hex(visitor) || printf('%04X%04X', coalesce(latitude, -32768) & 65535, coalesce(longitude, -32768) & 65535),
        '' ORDER BY back DESC
    ) AS packed
    FROM addresses WHERE back <= 200 GROUP BY order_id, serial
),
packed_networks AS (
    SELECT order_id, serial, group_concat(
        hex(substr(visitor, 1, 8)) || hex(coalesce(network, zeroblob(16)))
            || printf(
                '%016X%04X%04X', coalesce(at, unixepoch(day) * 1000000 - 25200000000),
                coalesce(latitude, -32768) & 65535, coalesce(longitude, -32768) & 65535
            ),
        '' ORDER BY at, visitor
    ) AS packed
    FROM former_visitors GROUP BY order_id, serial
)
SELECT o.number, s.serial, s.scans, s.first_at, s.last_at, s.suspect_at, s.dismissed_at, s.dismissed_visitors,
    unhex(CASE WHEN a.packed IS NULL AND n.packed IS NULL THEN ''
        ELSE coalesce(a.packed, '000000000000') || coalesce(n.packed, '') END),
    unhex(CASE WHEN d.packed IS NULL THEN '' ELSE d.packed || coalesce(p.packed, '') END)
FROM former_stamps s
JOIN stamp_orders o ON o.id = s.order_id
LEFT JOIN packed_addresses a ON a.order_id = s.order_id AND a.serial = s.serial
LEFT JOIN packed_networks n ON n.order_id = s.order_id AND n.serial = s.serial
LEFT JOIN packed_days d ON d.order_id = s.order_id AND d.serial = s.serial
LEFT JOIN packed_places p ON p.order_id = s.order_id AND p.serial = s.serial
ORDER BY o.number, s.serial;

DROP TABLE former_visitors;
DROP TABLE former_scans;
DROP TABLE former_stamps;
