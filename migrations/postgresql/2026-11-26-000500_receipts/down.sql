DROP INDEX registrations_receipt_digest;
ALTER TABLE registrations DROP COLUMN receipt_digest;
