DROP INDEX cycles_year_edition;
ALTER TABLE cycles ADD CONSTRAINT cycles_year_key UNIQUE (year);
