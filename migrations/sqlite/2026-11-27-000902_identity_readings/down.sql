DROP TABLE identity_readings;
