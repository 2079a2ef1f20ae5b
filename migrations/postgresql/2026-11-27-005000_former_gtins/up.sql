-- product: GTINs that a product had before; labels were printed with them

CREATE TABLE former_gtins (
    product_id uuid NOT NULL REFERENCES products (id),
    gtin text NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (product_id, gtin)
);
CREATE INDEX former_gtins_gtin ON former_gtins (gtin, until);
