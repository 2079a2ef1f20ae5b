-- lots: events with quantity, destination, documents and corrections; recalls that mark what was made of a lot;
-- what a product's passport must say

ALTER TABLE products ADD COLUMN origin text;
ALTER TABLE products ADD COLUMN shelf_life text;
ALTER TABLE products ADD COLUMN safety_warnings text;
CREATE INDEX products_gtin ON products (gtin);

-- The recalled lot that this one was made of; null where it was recalled itself.
ALTER TABLE lots ADD COLUMN recall_origin_id uuid REFERENCES lots (id);
CREATE INDEX lots_recall_origin_id ON lots (recall_origin_id);
CREATE INDEX lots_produced_on ON lots (produced_on);
CREATE INDEX lots_recalled_at ON lots (recalled_at);

-- Where a lot went: a shop, another producer, or somebody by name and address.
ALTER TABLE lot_events ADD COLUMN quantity bigint;
ALTER TABLE lot_events ADD COLUMN shop_id uuid REFERENCES shops (id);
ALTER TABLE lot_events ADD COLUMN buyer_producer_id uuid REFERENCES producers (id);
ALTER TABLE lot_events ADD COLUMN buyer_name text;
ALTER TABLE lot_events ADD COLUMN buyer_address text;
-- The earlier event that this one stands for.
ALTER TABLE lot_events ADD COLUMN corrects_id uuid REFERENCES lot_events (id);
CREATE UNIQUE INDEX lot_events_corrects_id ON lot_events (corrects_id);
CREATE INDEX lot_events_buyer_producer_id ON lot_events (buyer_producer_id);
CREATE INDEX lot_events_at ON lot_events (at);

CREATE INDEX activations_at ON activations (at);
CREATE INDEX voids_at ON voids (at);

-- Documents of the product that show an event.
CREATE TABLE lot_event_documents (
    event_id uuid NOT NULL REFERENCES lot_events (id),
    document_id uuid NOT NULL REFERENCES documents (id),
    PRIMARY KEY (event_id, document_id)
);

-- What was made of lots that are recalled already is marked from now on.
WITH RECURSIVE made (lot, origin, at, reason) AS (
    SELECT lot_inputs.lot_id, lots.id, lots.recalled_at, lots.recall_reason
    FROM lots JOIN lot_inputs ON lot_inputs.input_id = lots.id WHERE lots.recalled_at IS NOT NULL
    UNION
    SELECT lot_inputs.lot_id, made.origin, made.at, made.reason
    FROM made JOIN lot_inputs ON lot_inputs.input_id = made.lot
)
UPDATE lots SET
    recall_origin_id = (SELECT made.origin FROM made WHERE made.lot = lots.id ORDER BY made.at, made.origin LIMIT 1),
    recalled_at = (SELECT made.at FROM made WHERE made.lot = lots.id ORDER BY made.at, made.origin LIMIT 1),
    recall_reason = (SELECT made.reason FROM made WHERE made.lot = lots.id ORDER BY made.at, made.origin LIMIT 1)
WHERE recalled_at IS NULL AND id IN (SELECT lot FROM made);
