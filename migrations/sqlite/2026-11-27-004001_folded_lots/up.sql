-- The folded code of a lot, by which lots are searched and told apart. No database folds as the service does: the next start
-- fills it.
ALTER TABLE lots ADD COLUMN folded TEXT;
CREATE INDEX lots_product_id_folded ON lots (product_id, folded);
