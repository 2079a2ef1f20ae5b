-- products: pictures can be put in order; those of before stand in the order in which they came

ALTER TABLE pictures ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
