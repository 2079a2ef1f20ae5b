-- Whom a seat speaks for, and the paper that delegated the chair (article 7.3 of 26/2026/QĐ-TTg).
ALTER TABLE seats ADD COLUMN organisation text;
ALTER TABLE councils ADD COLUMN delegation text;
