DROP TABLE files;
DROP TABLE history;
DROP TABLE idempotency_keys;
DROP TABLE counters;
DROP TABLE settings;
