DROP TABLE shops;
DROP TABLE criteria_sets;
DROP TABLE cycles;
