-- support money: policies, claims with their papers and payments, rewards by star

CREATE TABLE support_policies (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    unit_code text NOT NULL,
    act text NOT NULL,
    item text NOT NULL,
    name text NOT NULL,
    rate_percent integer NOT NULL,
    cap bigint NOT NULL,
    source text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    state text NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);

CREATE TABLE support_claims (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    policy_id uuid NOT NULL REFERENCES support_policies (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text NOT NULL,
    district_code text,
    product_id uuid REFERENCES products (id),
    plan_id uuid REFERENCES plans (id),
    year integer NOT NULL,
    edition text NOT NULL,
    text text NOT NULL,
    costs bigint NOT NULL,
    claimed bigint NOT NULL,
    state text NOT NULL,
    handed_in_on date,
    accepted bigint,
    accepted_on date,
    minutes_number text,
    sent_on date,
    appraised bigint,
    appraised_on date,
    appraisal text,
    decided bigint,
    decision_number text,
    decision_signed_on date,
    payments jsonb NOT NULL,
    paid bigint NOT NULL,
    returns jsonb NOT NULL,
    taken_back bigint NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX support_claims_year ON support_claims (year, state);
CREATE INDEX support_claims_producer ON support_claims (producer_id);
CREATE INDEX support_claims_plan ON support_claims (plan_id);

CREATE TABLE support_claim_files (
    id uuid NOT NULL PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES support_claims (id),
    file_id uuid NOT NULL REFERENCES files (id),
    purpose text NOT NULL,
    caption text,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX support_claim_files_claim ON support_claim_files (claim_id);

CREATE TABLE rewards (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    unit_code text NOT NULL,
    decision_id uuid NOT NULL REFERENCES decisions (id),
    rates jsonb NOT NULL,
    state text NOT NULL,
    number text,
    signed_on date,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX rewards_decision ON rewards (decision_id);

CREATE TABLE reward_items (
    reward_id uuid NOT NULL REFERENCES rewards (id),
    certificate_id uuid NOT NULL REFERENCES certificates (id),
    product_id uuid NOT NULL REFERENCES products (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text NOT NULL,
    district_code text,
    stars integer NOT NULL,
    amount bigint NOT NULL,
    paid_on date,
    voucher text,
    PRIMARY KEY (reward_id, certificate_id)
);
CREATE INDEX reward_items_producer ON reward_items (producer_id);
