-- account: by which subject of which OpenID provider somebody is signed in to an account

CREATE TABLE openid_links (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id),
    issuer text NOT NULL,
    subject text NOT NULL,
    linked_at timestamptz NOT NULL
);
CREATE INDEX openid_links_subject ON openid_links (subject, issuer);

-- Sign-ins by a provider that were used, by their digest, until nobody could go on with them anyway.
CREATE TABLE openid_used (
    digest bytea NOT NULL PRIMARY KEY,
    used_at timestamptz NOT NULL
);
