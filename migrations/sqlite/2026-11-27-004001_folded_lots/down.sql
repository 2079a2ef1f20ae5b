DROP INDEX lots_product_id_folded;
ALTER TABLE lots DROP COLUMN folded;
