-- account: sign-ins of programs are told apart by when they began and from where they came; null for those of before

ALTER TABLE refresh_tokens ADD COLUMN begun_at timestamptz;
ALTER TABLE refresh_tokens ADD COLUMN address text;
ALTER TABLE refresh_tokens ADD COLUMN device text;
