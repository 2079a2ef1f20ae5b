-- The least options that a council's sheets did not meet (26/2026/QĐ-TTg, annex II).
ALTER TABLE results ADD COLUMN unmet_options jsonb NOT NULL DEFAULT '[]';
