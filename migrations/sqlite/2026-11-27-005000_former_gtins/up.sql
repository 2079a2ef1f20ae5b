-- product: GTINs that a product had before; labels were printed with them

CREATE TABLE former_gtins (
    product_id BLOB NOT NULL REFERENCES products (id),
    gtin TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (product_id, gtin)
) STRICT;
CREATE INDEX former_gtins_gtin ON former_gtins (gtin, until);
