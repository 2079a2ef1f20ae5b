DROP TABLE result_notices;
