DROP TABLE group_reports;
DROP TABLE survey_files;
DROP TABLE surveys;
