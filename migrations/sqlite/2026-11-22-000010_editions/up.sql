-- editions: conditions per star, superseded certificates, notices

-- What a product needs for its stars beside the points, in this cycle.
ALTER TABLE cycles ADD COLUMN conditions TEXT NOT NULL DEFAULT '[]';

-- What the producer states in whole numbers.
ALTER TABLE dossiers ADD COLUMN figures TEXT NOT NULL DEFAULT '{}';

-- The conditions that a product lacked when its council concluded.
ALTER TABLE results ADD COLUMN unmet TEXT NOT NULL DEFAULT '[]';

-- The later certificate of the same product, on whose day of issue this one was no longer valid.
ALTER TABLE certificates ADD COLUMN superseded_by BLOB REFERENCES certificates (id);

-- Written notices that a certificate is about to end.
CREATE TABLE notices (
    certificate_id BLOB NOT NULL PRIMARY KEY REFERENCES certificates (id),
    letter_number TEXT NOT NULL,
    letter_date TEXT NOT NULL,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
