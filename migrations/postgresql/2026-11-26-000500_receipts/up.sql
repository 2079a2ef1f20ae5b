-- registrations: the digest of the code by which who registered reads what became of it
ALTER TABLE registrations ADD COLUMN receipt_digest bytea;
CREATE UNIQUE INDEX registrations_receipt_digest ON registrations (receipt_digest);
