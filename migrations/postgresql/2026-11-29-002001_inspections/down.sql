DROP TABLE inspection_files;
DROP TABLE inspections;
DROP TABLE inspection_plans;
