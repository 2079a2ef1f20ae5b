-- year: cycles, criteria, shops

-- The yearly cycles.
CREATE TABLE cycles (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    year integer NOT NULL UNIQUE,
    edition text NOT NULL,
    state text NOT NULL,
    idea_deadline date NOT NULL,
    rounds jsonb NOT NULL,
    targets jsonb NOT NULL,
    stamps_from text NOT NULL,
    created_at timestamptz NOT NULL
);

-- Criteria sets, one row for each version; the tree as it is scored with.
CREATE TABLE criteria_sets (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    edition text NOT NULL,
    version integer NOT NULL,
    complete boolean NOT NULL,
    title text NOT NULL,
    tree jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (code, edition, version)
);

-- Points of sale (điểm bán hàng OCOP).
CREATE TABLE shops (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    folded text COLLATE "C" NOT NULL,
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    address text NOT NULL,
    phone text,
    opened_on date NOT NULL,
    closed_on date,
    created_at timestamptz NOT NULL
);
CREATE INDEX shops_folded_id ON shops (folded, id);
