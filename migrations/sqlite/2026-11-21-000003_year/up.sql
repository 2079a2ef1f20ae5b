-- year: cycles, criteria, shops

-- The yearly cycles.
CREATE TABLE cycles (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    year INTEGER NOT NULL UNIQUE,
    edition TEXT NOT NULL,
    state TEXT NOT NULL,
    idea_deadline TEXT NOT NULL,
    rounds TEXT NOT NULL,
    targets TEXT NOT NULL,
    stamps_from TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Criteria sets, one row for each version; the tree as it is scored with.
CREATE TABLE criteria_sets (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    edition TEXT NOT NULL,
    version INTEGER NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    title TEXT NOT NULL,
    tree TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (code, edition, version)
) STRICT;

-- Points of sale (điểm bán hàng OCOP).
CREATE TABLE shops (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    commune_code TEXT NOT NULL,
    district_code TEXT,
    address TEXT NOT NULL,
    phone TEXT,
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shops_folded_id ON shops (folded, id);
