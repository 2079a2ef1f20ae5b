-- support money: policies, claims with their papers and payments, rewards by star

CREATE TABLE support_policies (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    unit_code TEXT NOT NULL,
    act TEXT NOT NULL,
    item TEXT NOT NULL,
    name TEXT NOT NULL,
    rate_percent INTEGER NOT NULL,
    cap INTEGER NOT NULL,
    source TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    state TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE support_claims (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    policy_id BLOB NOT NULL REFERENCES support_policies (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    product_id BLOB REFERENCES products (id),
    plan_id BLOB REFERENCES plans (id),
    year INTEGER NOT NULL,
    edition TEXT NOT NULL,
    text TEXT NOT NULL,
    costs INTEGER NOT NULL,
    claimed INTEGER NOT NULL,
    state TEXT NOT NULL,
    handed_in_on TEXT,
    accepted INTEGER,
    accepted_on TEXT,
    minutes_number TEXT,
    sent_on TEXT,
    appraised INTEGER,
    appraised_on TEXT,
    appraisal TEXT,
    decided INTEGER,
    decision_number TEXT,
    decision_signed_on TEXT,
    payments TEXT NOT NULL,
    paid INTEGER NOT NULL,
    returns TEXT NOT NULL,
    taken_back INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX support_claims_year ON support_claims (year, state);
CREATE INDEX support_claims_producer ON support_claims (producer_id);
CREATE INDEX support_claims_plan ON support_claims (plan_id);

CREATE TABLE support_claim_files (
    id BLOB NOT NULL PRIMARY KEY,
    claim_id BLOB NOT NULL REFERENCES support_claims (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    purpose TEXT NOT NULL,
    caption TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX support_claim_files_claim ON support_claim_files (claim_id);

CREATE TABLE rewards (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    unit_code TEXT NOT NULL,
    decision_id BLOB NOT NULL REFERENCES decisions (id),
    rates TEXT NOT NULL,
    state TEXT NOT NULL,
    number TEXT,
    signed_on TEXT,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rewards_decision ON rewards (decision_id);

CREATE TABLE reward_items (
    reward_id BLOB NOT NULL REFERENCES rewards (id),
    certificate_id BLOB NOT NULL REFERENCES certificates (id),
    product_id BLOB NOT NULL REFERENCES products (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    stars INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    paid_on TEXT,
    voucher TEXT,
    PRIMARY KEY (reward_id, certificate_id)
) STRICT;
CREATE INDEX reward_items_producer ON reward_items (producer_id);
