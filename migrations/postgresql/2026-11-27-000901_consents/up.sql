-- registrations, doubts: the version of the text of consent that came with them, at their own moment; none came before there were texts
ALTER TABLE registrations ADD COLUMN consent_version INTEGER;
ALTER TABLE doubts ADD COLUMN consent_version INTEGER;
