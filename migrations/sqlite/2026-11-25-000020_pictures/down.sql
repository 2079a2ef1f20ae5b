DROP TABLE doubt_uploads;
