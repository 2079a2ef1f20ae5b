DROP TABLE registrations;
DROP TABLE refresh_tokens;
DROP TABLE accounts;
DROP TABLE producers;
DROP TABLE units;
