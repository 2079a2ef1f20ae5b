-- editions: conditions per star, superseded certificates, notices

-- What a product needs for its stars beside the points, in this cycle.
ALTER TABLE cycles ADD COLUMN conditions jsonb NOT NULL DEFAULT '[]';

-- What the producer states in whole numbers.
ALTER TABLE dossiers ADD COLUMN figures jsonb NOT NULL DEFAULT '{}';

-- The conditions that a product lacked when its council concluded.
ALTER TABLE results ADD COLUMN unmet jsonb NOT NULL DEFAULT '[]';

-- The later certificate of the same product, on whose day of issue this one was no longer valid.
ALTER TABLE certificates ADD COLUMN superseded_by uuid REFERENCES certificates (id);

-- Written notices that a certificate is about to end.
CREATE TABLE notices (
    certificate_id uuid NOT NULL PRIMARY KEY REFERENCES certificates (id),
    letter_number text NOT NULL,
    letter_date date NOT NULL,
    late boolean NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
