-- Fails where a number was given again in another year: which of the two to keep is a person's to say.
DROP INDEX decisions_unit_code_number_year;
ALTER TABLE decisions ADD CONSTRAINT decisions_unit_code_number_key UNIQUE (unit_code, number);
DROP INDEX result_notices_unit_code_number_year;
ALTER TABLE result_notices ADD CONSTRAINT result_notices_unit_code_number_key UNIQUE (unit_code, number);
DROP INDEX group_reports_unit_code_number_year;
ALTER TABLE group_reports ADD CONSTRAINT group_reports_unit_code_number_key UNIQUE (unit_code, number);
