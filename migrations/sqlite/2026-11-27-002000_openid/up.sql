-- account: by which subject of which OpenID provider somebody is signed in to an account

CREATE TABLE openid_links (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    linked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX openid_links_subject ON openid_links (subject, issuer);

-- Sign-ins by a provider that were used, by their digest, until nobody could go on with them anyway.
CREATE TABLE openid_used (
    digest BLOB NOT NULL PRIMARY KEY,
    used_at INTEGER NOT NULL
) STRICT;
