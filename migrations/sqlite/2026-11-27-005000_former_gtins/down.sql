DROP TABLE former_gtins;
