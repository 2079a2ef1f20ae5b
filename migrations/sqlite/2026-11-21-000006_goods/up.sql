-- goods: lots, holds, stamps

-- Lots of a product.
CREATE TABLE lots (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    product_id BLOB NOT NULL REFERENCES products (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    code TEXT NOT NULL,
    produced_on TEXT NOT NULL,
    expires_on TEXT,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    recalled_at INTEGER,
    recall_reason TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (product_id, code)
) STRICT;
CREATE INDEX lots_producer_id ON lots (producer_id);

-- Lots that went into a lot.
CREATE TABLE lot_inputs (
    lot_id BLOB NOT NULL REFERENCES lots (id),
    input_id BLOB NOT NULL REFERENCES lots (id),
    PRIMARY KEY (lot_id, input_id)
) STRICT;
CREATE INDEX lot_inputs_input_id ON lot_inputs (input_id);

-- What happened to a lot.
CREATE TABLE lot_events (
    id BLOB NOT NULL PRIMARY KEY,
    lot_id BLOB NOT NULL REFERENCES lots (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    place TEXT NOT NULL,
    note TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lot_events_lot_id ON lot_events (lot_id);

-- Suspensions of a product or a lot.
CREATE TABLE holds (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    product_id BLOB REFERENCES products (id),
    lot_id BLOB REFERENCES lots (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    placed_by BLOB NOT NULL REFERENCES accounts (id),
    placed_at INTEGER NOT NULL,
    lifted_at INTEGER
) STRICT;
CREATE INDEX holds_product_id ON holds (product_id);
CREATE INDEX holds_lot_id ON holds (lot_id);

-- Orders of stamps. The number is random and goes into each code.
CREATE TABLE stamp_orders (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    product_id BLOB NOT NULL REFERENCES products (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    quantity INTEGER NOT NULL,
    state TEXT NOT NULL,
    issued_at INTEGER,
    note TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stamp_orders_product_id ON stamp_orders (product_id);
CREATE INDEX stamp_orders_producer_id ON stamp_orders (producer_id);

-- Stamps bound to a lot, by ranges of serials.
CREATE TABLE activations (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    lot_id BLOB NOT NULL REFERENCES lots (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX activations_order_id_first ON activations (order_id, first);
CREATE INDEX activations_lot_id ON activations (lot_id);

-- Stamps that are lost or spoilt, by ranges of serials.
CREATE TABLE voids (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    reason TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX voids_order_id_first ON voids (order_id, first);

-- What happened to single stamps; a stamp that was never scanned has no row.
CREATE TABLE stamps (
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    suspect_at INTEGER,
    PRIMARY KEY (order_id, serial)
) STRICT;

-- Every scan, without who it was.
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
CREATE INDEX scans_order_id_serial_at ON scans (order_id, serial, at);

-- Distinct visitors of a stamp, by the day's hash; kept only until the stamp is suspect.
CREATE TABLE stamp_visitors (
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    visitor BLOB NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (order_id, serial, visitor)
) STRICT;

-- The secret that makes a day's visitors countable but not traceable; deleted when the day is over.
CREATE TABLE visitor_salts (
    day TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL
) STRICT;

-- Doubts that shoppers reported.
CREATE TABLE doubts (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    text TEXT NOT NULL,
    contact TEXT,
    latitude INTEGER,
    longitude INTEGER,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX doubts_order_id_serial ON doubts (order_id, serial);
