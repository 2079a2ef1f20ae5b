-- products: what lasts, and the road to a plan

-- Products of producers.
CREATE TABLE products (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    producer_id uuid NOT NULL REFERENCES producers (id),
    code text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    folded text COLLATE "C" NOT NULL,
    criteria_set text COLLATE "C" NOT NULL,
    description text NOT NULL,
    story text NOT NULL,
    packaging text NOT NULL,
    gtin text COLLATE "C",
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    created_at timestamptz NOT NULL
);
CREATE INDEX products_producer_id ON products (producer_id);
CREATE INDEX products_folded_id ON products (folded, id);

-- What a shop sells.
CREATE TABLE shop_products (
    shop_id uuid NOT NULL REFERENCES shops (id),
    product_id uuid NOT NULL REFERENCES products (id),
    PRIMARY KEY (shop_id, product_id)
);
CREATE INDEX shop_products_product_id ON shop_products (product_id);

-- Documents of a product: certificates, test reports, contracts.
CREATE TABLE documents (
    id uuid NOT NULL PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id),
    file_id uuid NOT NULL REFERENCES files (id),
    kind text NOT NULL,
    number text,
    issued_by text,
    issued_on date,
    valid_until date,
    uploaded_by uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX documents_product_id ON documents (product_id);

-- Pictures of a product, the first is its face.
CREATE TABLE pictures (
    id uuid NOT NULL PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id),
    file_id uuid NOT NULL REFERENCES files (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX pictures_product_id ON pictures (product_id);

-- Ideas of products (phiếu đăng ký ý tưởng sản phẩm).
CREATE TABLE ideas (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    cycle_id uuid NOT NULL REFERENCES cycles (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    state text NOT NULL,
    kind text NOT NULL,
    product_id uuid REFERENCES products (id),
    product_name text NOT NULL,
    folded text COLLATE "C" NOT NULL,
    criteria_set text COLLATE "C" NOT NULL,
    description text NOT NULL,
    target_value bigint NOT NULL,
    packaging text NOT NULL,
    number text UNIQUE,
    opinion text,
    returned_from text,
    submitted_at timestamptz,
    late boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ideas_cycle_id_state ON ideas (cycle_id, state);
CREATE INDEX ideas_producer_id ON ideas (producer_id);
CREATE INDEX ideas_commune_code_id ON ideas (commune_code, id);
CREATE INDEX ideas_district_code_id ON ideas (district_code, id);

-- The signed paper form of an idea that was entered on a producer's behalf.
CREATE TABLE idea_papers (
    id uuid NOT NULL PRIMARY KEY,
    idea_id uuid NOT NULL REFERENCES ideas (id),
    file_id uuid NOT NULL REFERENCES files (id),
    uploaded_by uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX idea_papers_idea_id ON idea_papers (idea_id);

-- Lists of ideas or results that went up under one letter.
CREATE TABLE dispatches (
    id uuid NOT NULL PRIMARY KEY,
    verb text NOT NULL,
    letter_number text NOT NULL,
    letter_date date NOT NULL,
    unit_code text COLLATE "C" NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    items jsonb NOT NULL
);

-- Business plans (phương án sản xuất kinh doanh).
CREATE TABLE plans (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    idea_id uuid NOT NULL UNIQUE REFERENCES ideas (id),
    cycle_id uuid NOT NULL REFERENCES cycles (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    product_id uuid REFERENCES products (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    state text NOT NULL,
    capacity text NOT NULL,
    market text NOT NULL,
    materials text NOT NULL,
    technology text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX plans_cycle_id_state ON plans (cycle_id, state);
CREATE INDEX plans_producer_id ON plans (producer_id);
CREATE INDEX plans_product_id ON plans (product_id);
CREATE INDEX plans_commune_code_id ON plans (commune_code, id);
CREATE INDEX plans_district_code_id ON plans (district_code, id);

-- A plan's money by source and year, in VND.
CREATE TABLE plan_finance (
    plan_id uuid NOT NULL REFERENCES plans (id),
    year integer NOT NULL,
    own bigint NOT NULL,
    loan bigint NOT NULL,
    other bigint NOT NULL,
    state_support bigint NOT NULL,
    PRIMARY KEY (plan_id, year)
);

-- A product in a cycle.
CREATE TABLE dossiers (
    id uuid NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id),
    cycle_id uuid NOT NULL REFERENCES cycles (id),
    plan_id uuid NOT NULL UNIQUE REFERENCES plans (id),
    producer_id uuid NOT NULL REFERENCES producers (id),
    commune_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C",
    state text NOT NULL,
    criteria_set_id uuid REFERENCES criteria_sets (id),
    responsible_account_id uuid REFERENCES accounts (id),
    self_marks jsonb,
    submitted_at timestamptz,
    late boolean NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (product_id, cycle_id)
);
CREATE INDEX dossiers_cycle_id_state ON dossiers (cycle_id, state);
CREATE INDEX dossiers_product_id ON dossiers (product_id);
CREATE INDEX dossiers_producer_id ON dossiers (producer_id);
CREATE INDEX dossiers_commune_code_id ON dossiers (commune_code, id);
CREATE INDEX dossiers_district_code_id ON dossiers (district_code, id);

-- Documents that a dossier hands in.
CREATE TABLE dossier_documents (
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    document_id uuid NOT NULL REFERENCES documents (id),
    PRIMARY KEY (dossier_id, document_id)
);
CREATE INDEX dossier_documents_document_id ON dossier_documents (document_id);

-- Visits of the responsible officer.
CREATE TABLE visits (
    id uuid NOT NULL PRIMARY KEY,
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    visited_on date NOT NULL,
    findings text NOT NULL,
    advice text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX visits_dossier_id ON visits (dossier_id);
