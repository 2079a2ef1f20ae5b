-- scans: one row for each stamp under the number that its code names, with who came and what the board shows of it; a log of
-- scans that only grows, by months

SET CONSTRAINTS ALL IMMEDIATE;

ALTER TABLE stamps RENAME TO former_stamps;
ALTER INDEX stamps_pkey RENAME TO former_stamps_pkey;
ALTER TABLE scans RENAME TO former_scans;
ALTER INDEX scans_pkey RENAME TO former_scans_pkey;
ALTER TABLE stamp_visitors RENAME TO former_visitors;

-- What happened to single stamps; a stamp that was never scanned has no row. No reference: who writes it has read the order in
-- the same transaction, orders stay for good, and a reference would write into each order's row. A row has room to be written
-- anew beside itself, so that no index changes with it.
CREATE TABLE stamps (
    order_number integer NOT NULL,
    serial integer NOT NULL,
    scans bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    suspect_at timestamptz,
    dismissed_at timestamptz,
    dismissed_visitors integer,
    visitors bytea NOT NULL,
    evidence bytea NOT NULL,
    PRIMARY KEY (order_number, serial)
) WITH (fillfactor = 70);

-- Hashes cannot be pressed.
ALTER TABLE stamps ALTER COLUMN visitors SET STORAGE EXTERNAL;
ALTER TABLE stamps ALTER COLUMN evidence SET STORAGE EXTERNAL;

-- Every scan, without who it was; nothing of the service reads it. Its rows lie in a table for each month, those of a month
-- that has none in `__scans_other`.
CREATE TABLE scans (
    order_number integer NOT NULL,
    serial integer NOT NULL,
    at timestamptz NOT NULL,
    language text NOT NULL,
    latitude integer,
    longitude integer,
    visitor bytea NOT NULL
) PARTITION BY RANGE (at);

CREATE TABLE __scans_other PARTITION OF scans DEFAULT;

-- Makes the table of the month of Vietnam that a day lies in, where it is missing. Its owner's rights, for who serves may make
-- no tables.
CREATE FUNCTION make_month_of_scans(of_day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    month date := date_trunc('month', of_day::timestamp)::date;
    name text := '__scans_' || to_char(month, 'YYYY_MM');
    starts text := to_char(month, 'YYYY-MM-DD') || ' 00:00:00+07';
    ends text := to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+07';
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    LOCK TABLE scans IN SHARE ROW EXCLUSIVE MODE;
    -- Another one may have made it meanwhile.
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE scans)', name);
    EXECUTE format(
        'WITH moved AS (DELETE FROM __scans_other WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
        starts, ends, name
    );
    EXECUTE format('ALTER TABLE scans ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, starts, ends);
END
$$;

-- Tables that a session makes for itself come last, so that nobody puts one of theirs in the place of the log's.
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION make_month_of_scans(date) SET search_path = %I, pg_temp', current_schema());
END $$;

SELECT make_month_of_scans(months.of_day)
FROM (
    SELECT DISTINCT date_trunc('month', (at AT TIME ZONE 'UTC') + interval '7 hours')::date AS of_day FROM former_scans
) AS months;

INSERT INTO scans (order_number, serial, at, language, latitude, longitude, visitor)
SELECT o.number, s.serial, s.at, s.language, s.latitude, s.longitude, s.visitor
FROM former_scans s JOIN stamp_orders o ON o.id = s.order_id
ORDER BY s.at;

-- How both columns are written, `stamp/rules/visitors.rs` and `stamp/rules/evidence.rs` tell.
INSERT INTO stamps (
    order_number, serial, scans, first_at, last_at, suspect_at, dismissed_at, dismissed_visitors, visitors, evidence
)
WITH told AS (
    SELECT order_id, serial, at, latitude, longitude,
        floor((extract(epoch FROM at) + 25200) / 86400)::integer AS day,
        CASE WHEN length(visitor) > 0 THEN substring(visitor FROM 1 FOR 8) END AS visitor
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
    SELECT order_id, serial, int2send(count(*)::smallint)
        || string_agg(int4send(day) || int4send(scans::integer) || int4send(visitors::integer), ''::bytea ORDER BY day) AS packed
    FROM days WHERE back <= 60 GROUP BY order_id, serial
),
packed_places AS (
    SELECT order_id, serial, string_agg(
        int2send(latitude::smallint) || int2send(longitude::smallint) || int4send(scans::integer) || int4send(visitors::integer)
            || int8send((extract(epoch FROM first_at) * 1000000)::bigint)
            || int8send((extract(epoch FROM last_at) * 1000000)::bigint),
        ''::bytea ORDER BY back
    ) AS packed
    FROM places WHERE back <= 40 GROUP BY order_id, serial
),
packed_addresses AS (
    SELECT order_id, serial, int4send(max(day)) || int2send(count(*)::smallint) || string_agg(
        visitor || int2send(coalesce(latitude, -32768)::smallint) || int2send(coalesce(longitude, -32768)::smallint),
        ''::bytea ORDER BY back DESC
    ) AS packed
    FROM addresses WHERE back <= 200 GROUP BY order_id, serial
),
packed_networks AS (
    SELECT order_id, serial, string_agg(
        substring(visitor FROM 1 FOR 8)
            || coalesce(network, decode(repeat('00', 16), 'hex'))
            || int8send((extract(epoch FROM coalesce(at, (day::timestamp - interval '7 hours') AT TIME ZONE 'UTC')) * 1000000)::bigint)
            || int2send(coalesce(latitude, -32768)::smallint) || int2send(coalesce(longitude, -32768)::smallint),
        ''::bytea ORDER BY at, visitor
    ) AS packed
    FROM former_visitors GROUP BY order_id, serial
)
SELECT o.number, s.serial, s.scans, s.first_at, s.last_at, s.suspect_at, s.dismissed_at, s.dismissed_visitors,
    CASE WHEN a.packed IS NULL AND n.packed IS NULL THEN ''::bytea
        ELSE coalesce(a.packed, int4send(0) || int2send(0::smallint)) || coalesce(n.packed, ''::bytea) END,
    CASE WHEN d.packed IS NULL THEN ''::bytea ELSE d.packed || coalesce(p.packed, ''::bytea) END
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
