ALTER TABLE stamps DROP COLUMN dismissed_visitors;
ALTER TABLE stamps DROP COLUMN dismissed_at;
DROP TABLE producer_networks;
ALTER TABLE stamp_visitors DROP COLUMN is_new;
ALTER TABLE stamp_visitors DROP COLUMN network;
