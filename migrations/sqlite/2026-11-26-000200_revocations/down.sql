DROP TABLE demands;
ALTER TABLE decisions DROP COLUMN basis_dated;
ALTER TABLE decisions DROP COLUMN basis_authority;
ALTER TABLE decisions DROP COLUMN basis_number;
ALTER TABLE decisions DROP COLUMN ground;
