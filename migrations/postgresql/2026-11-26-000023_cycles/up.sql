-- The year in which an act enters into force may have a cycle under each edition.
ALTER TABLE cycles DROP CONSTRAINT cycles_year_key;
CREATE UNIQUE INDEX cycles_year_edition ON cycles (year, edition);
