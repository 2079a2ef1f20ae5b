-- Numbers of papers begin anew each year. That two which are written differently are one, as with Đ of another alphabet, no
-- database knows: the service asks that before it takes a number.
ALTER TABLE decisions DROP CONSTRAINT decisions_unit_code_number_key;
CREATE UNIQUE INDEX decisions_unit_code_number_year ON decisions (unit_code, number, (extract(year FROM signed_on)));
ALTER TABLE result_notices DROP CONSTRAINT result_notices_unit_code_number_key;
CREATE UNIQUE INDEX result_notices_unit_code_number_year ON result_notices (unit_code, number, (extract(year FROM dated)));
ALTER TABLE group_reports DROP CONSTRAINT group_reports_unit_code_number_key;
CREATE UNIQUE INDEX group_reports_unit_code_number_year ON group_reports (unit_code, number, (extract(year FROM dated)));
