-- goods: lots, holds, stamps

-- Lots of a product.
CREATE TABLE lots (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    code text NOT NULL,
    produced_on date NOT NULL,
    expires_on date,
    quantity bigint NOT NULL,
    unit text NOT NULL,
    recalled_at timestamptz,
    recall_reason text,
    created_at timestamptz NOT NULL,
    UNIQUE (product_id, code)
);
CREATE INDEX lots_producer_id ON lots (producer_id);

-- Lots that went into a lot.
CREATE TABLE lot_inputs (
    lot_id uuid NOT NULL REFERENCES lots (id),
    input_id uuid NOT NULL REFERENCES lots (id),
    PRIMARY KEY (lot_id, input_id)
);
CREATE INDEX lot_inputs_input_id ON lot_inputs (input_id);

-- What happened to a lot.
CREATE TABLE lot_events (
    id uuid NOT NULL PRIMARY KEY,
    lot_id uuid NOT NULL REFERENCES lots (id),
    kind text NOT NULL,
    at timestamptz NOT NULL,
    place text NOT NULL,
    note text NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    recorded_at timestamptz NOT NULL
);
CREATE INDEX lot_events_lot_id ON lot_events (lot_id);

-- Suspensions of a product or a lot.
CREATE TABLE holds (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    product_id uuid REFERENCES products (id),
    lot_id uuid REFERENCES lots (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    reason text NOT NULL,
    state text NOT NULL,
    placed_by uuid NOT NULL REFERENCES accounts (id),
    placed_at timestamptz NOT NULL,
    lifted_at timestamptz
);
CREATE INDEX holds_product_id ON holds (product_id);
CREATE INDEX holds_lot_id ON holds (lot_id);

-- Orders of stamps. The number is random and goes into each code.
CREATE TABLE stamp_orders (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    number integer NOT NULL UNIQUE,
    key_id text NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    quantity integer NOT NULL,
    state text NOT NULL,
    issued_at timestamptz,
    note text,
    created_at timestamptz NOT NULL
);
CREATE INDEX stamp_orders_product_id ON stamp_orders (product_id);
CREATE INDEX stamp_orders_producer_id ON stamp_orders (producer_id);

-- Stamps bound to a lot, by ranges of serials.
CREATE TABLE activations (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    first integer NOT NULL,
    last integer NOT NULL,
    lot_id uuid NOT NULL REFERENCES lots (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL
);
CREATE INDEX activations_order_id_first ON activations (order_id, first);
CREATE INDEX activations_lot_id ON activations (lot_id);

-- Stamps that are lost or spoilt, by ranges of serials.
CREATE TABLE voids (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    first integer NOT NULL,
    last integer NOT NULL,
    reason text NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL
);
CREATE INDEX voids_order_id_first ON voids (order_id, first);

-- What happened to single stamps; a stamp that was never scanned has no row.
CREATE TABLE stamps (
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    scans bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    suspect_at timestamptz,
    PRIMARY KEY (order_id, serial)
);

-- Every scan, without who it was.
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
CREATE INDEX scans_order_id_serial_at ON scans (order_id, serial, at);

-- Distinct visitors of a stamp, by the day's hash; kept only until the stamp is suspect.
CREATE TABLE stamp_visitors (
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    visitor bytea NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (order_id, serial, visitor)
);

-- The secret that makes a day's visitors countable but not traceable; deleted when the day is over.
CREATE TABLE visitor_salts (
    day date NOT NULL PRIMARY KEY,
    salt bytea NOT NULL
);

-- Doubts that shoppers reported.
CREATE TABLE doubts (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    text text NOT NULL,
    contact text,
    latitude integer,
    longitude integer,
    at timestamptz NOT NULL
);
CREATE INDEX doubts_order_id_serial ON doubts (order_id, serial);
