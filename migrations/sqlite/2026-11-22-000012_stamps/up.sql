-- stamps: suspicion with its evidence, doubts that are answered, limits, exports, display pieces, old codes, scratch codes

-- Delivery of an order, with its receipt.
ALTER TABLE stamp_orders ADD COLUMN delivered_at INTEGER;
ALTER TABLE stamp_orders ADD COLUMN receipt TEXT;
ALTER TABLE stamp_orders ADD COLUMN received_at INTEGER;

-- How many stamps a product may get in a year.
CREATE TABLE stamp_limits (
    product_id BLOB NOT NULL REFERENCES products (id),
    year INTEGER NOT NULL,
    stamps INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (product_id, year)
) STRICT;

-- One-time links by which a printer fetches codes; only a digest of the secret is kept.
CREATE TABLE stamp_export_links (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    digest BLOB NOT NULL UNIQUE,
    printer TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stamp_export_links_order_id ON stamp_export_links (order_id);

-- Each time that codes left the service.
CREATE TABLE stamp_exports (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    kind TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    account_id BLOB REFERENCES accounts (id),
    link_id BLOB REFERENCES stamp_export_links (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX stamp_exports_order_id_id ON stamp_exports (order_id, id);

-- Stamps on pieces that are shown and not sold, by ranges of serials.
CREATE TABLE stamp_displays (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    reason TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX stamp_displays_order_id_first ON stamp_displays (order_id, first);

-- When a visitor first came to a stamp, and where from.
ALTER TABLE stamp_visitors ADD COLUMN at INTEGER;
ALTER TABLE stamp_visitors ADD COLUMN latitude INTEGER;
ALTER TABLE stamp_visitors ADD COLUMN longitude INTEGER;

-- Stamps that a rule found to be copied, and what the office made of it.
CREATE TABLE stamp_suspicions (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    state TEXT NOT NULL,
    rule TEXT NOT NULL,
    visitors INTEGER NOT NULL,
    places INTEGER NOT NULL,
    since INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    note TEXT,
    decided_by BLOB REFERENCES accounts (id),
    decided_at INTEGER
) STRICT;
CREATE INDEX stamp_suspicions_order_id_serial ON stamp_suspicions (order_id, serial);

-- What became of a doubt; its photo; the day's hash of who sent it.
ALTER TABLE doubts ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE doubts ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE doubts ADD COLUMN visitor BLOB;
ALTER TABLE doubts ADD COLUMN file_id BLOB REFERENCES files (id);
ALTER TABLE doubts ADD COLUMN note TEXT;
CREATE INDEX doubts_visitor ON doubts (visitor);

-- Codes of earlier software, which name a product and no single thing.
CREATE TABLE legacy_codes (
    code TEXT NOT NULL PRIMARY KEY,
    product_id BLOB NOT NULL REFERENCES products (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL
) STRICT;

-- Scratch codes that were tried: when the right one came first, and how many wrong ones came on the last day.
CREATE TABLE stamp_confirmations (
    order_id BLOB NOT NULL REFERENCES stamp_orders (id),
    serial INTEGER NOT NULL,
    confirmed_at INTEGER,
    tried_on TEXT NOT NULL,
    wrong INTEGER NOT NULL,
    PRIMARY KEY (order_id, serial)
) STRICT;
