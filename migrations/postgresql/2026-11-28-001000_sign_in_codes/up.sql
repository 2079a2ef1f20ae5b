-- account: whether a code was shown at a sign-in, or was what was wrong of a try

ALTER TABLE sign_ins ADD COLUMN with_code boolean NOT NULL DEFAULT false;
