-- stamps: suspicion with its evidence, doubts that are answered, limits, exports, display pieces, old codes, scratch codes

-- Delivery of an order, with its receipt.
ALTER TABLE stamp_orders ADD COLUMN delivered_at timestamptz;
ALTER TABLE stamp_orders ADD COLUMN receipt text;
ALTER TABLE stamp_orders ADD COLUMN received_at timestamptz;

-- How many stamps a product may get in a year.
CREATE TABLE stamp_limits (
    product_id uuid NOT NULL REFERENCES products (id),
    year integer NOT NULL,
    stamps bigint NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (product_id, year)
);

-- One-time links by which a printer fetches codes; only a digest of the secret is kept.
CREATE TABLE stamp_export_links (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    digest bytea NOT NULL UNIQUE,
    printer text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX stamp_export_links_order_id ON stamp_export_links (order_id);

-- Each time that codes left the service.
CREATE TABLE stamp_exports (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    kind text NOT NULL,
    first integer NOT NULL,
    last integer NOT NULL,
    account_id uuid REFERENCES accounts (id),
    link_id uuid REFERENCES stamp_export_links (id),
    at timestamptz NOT NULL
);
CREATE INDEX stamp_exports_order_id_id ON stamp_exports (order_id, id);

-- Stamps on pieces that are shown and not sold, by ranges of serials.
CREATE TABLE stamp_displays (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    first integer NOT NULL,
    last integer NOT NULL,
    reason text NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL
);
CREATE INDEX stamp_displays_order_id_first ON stamp_displays (order_id, first);

-- When a visitor first came to a stamp, and where from.
ALTER TABLE stamp_visitors ADD COLUMN at timestamptz;
ALTER TABLE stamp_visitors ADD COLUMN latitude integer;
ALTER TABLE stamp_visitors ADD COLUMN longitude integer;

-- Stamps that a rule found to be copied, and what the office made of it.
CREATE TABLE stamp_suspicions (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    state text NOT NULL,
    rule text NOT NULL,
    visitors integer NOT NULL,
    places integer NOT NULL,
    since timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    note text,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz
);
CREATE INDEX stamp_suspicions_order_id_serial ON stamp_suspicions (order_id, serial);

-- What became of a doubt; its photo; the day's hash of who sent it.
ALTER TABLE doubts ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE doubts ADD COLUMN state text NOT NULL DEFAULT 'open';
ALTER TABLE doubts ADD COLUMN visitor bytea;
ALTER TABLE doubts ADD COLUMN file_id uuid REFERENCES files (id);
ALTER TABLE doubts ADD COLUMN note text;
CREATE INDEX doubts_visitor ON doubts (visitor);

-- Codes of earlier software, which name a product and no single thing.
CREATE TABLE legacy_codes (
    code text COLLATE "C" NOT NULL PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL
);

-- Scratch codes that were tried: when the right one came first, and how many wrong ones came on the last day.
CREATE TABLE stamp_confirmations (
    order_id uuid NOT NULL REFERENCES stamp_orders (id),
    serial integer NOT NULL,
    confirmed_at timestamptz,
    tried_on date NOT NULL,
    wrong integer NOT NULL,
    PRIMARY KEY (order_id, serial)
);
