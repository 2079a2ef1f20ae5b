-- products: what lasts, and the road to a plan

-- Products of producers.
CREATE TABLE products (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    producer_id BLOB NOT NULL REFERENCES producers (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    criteria_set TEXT NOT NULL,
    description TEXT NOT NULL,
    story TEXT NOT NULL,
    packaging TEXT NOT NULL,
    gtin TEXT,
    commune_code TEXT NOT NULL,
    district_code TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX products_producer_id ON products (producer_id);
CREATE INDEX products_folded_id ON products (folded, id);

-- What a shop sells.
CREATE TABLE shop_products (
    shop_id BLOB NOT NULL REFERENCES shops (id),
    product_id BLOB NOT NULL REFERENCES products (id),
    PRIMARY KEY (shop_id, product_id)
) STRICT;
CREATE INDEX shop_products_product_id ON shop_products (product_id);

-- Documents of a product: certificates, test reports, contracts.
CREATE TABLE documents (
    id BLOB NOT NULL PRIMARY KEY,
    product_id BLOB NOT NULL REFERENCES products (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    kind TEXT NOT NULL,
    number TEXT,
    issued_by TEXT,
    issued_on TEXT,
    valid_until TEXT,
    uploaded_by BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_product_id ON documents (product_id);

-- Pictures of a product, the first is its face.
CREATE TABLE pictures (
    id BLOB NOT NULL PRIMARY KEY,
    product_id BLOB NOT NULL REFERENCES products (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pictures_product_id ON pictures (product_id);

-- Ideas of products (phiếu đăng ký ý tưởng sản phẩm).
CREATE TABLE ideas (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id BLOB REFERENCES products (id),
    product_name TEXT NOT NULL,
    folded TEXT NOT NULL,
    criteria_set TEXT NOT NULL,
    description TEXT NOT NULL,
    target_value INTEGER NOT NULL,
    packaging TEXT NOT NULL,
    number TEXT UNIQUE,
    opinion TEXT,
    returned_from TEXT,
    submitted_at INTEGER,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ideas_cycle_id_state ON ideas (cycle_id, state);
CREATE INDEX ideas_producer_id ON ideas (producer_id);
CREATE INDEX ideas_commune_code_id ON ideas (commune_code, id);
CREATE INDEX ideas_district_code_id ON ideas (district_code, id);

-- The signed paper form of an idea that was entered on a producer's behalf.
CREATE TABLE idea_papers (
    id BLOB NOT NULL PRIMARY KEY,
    idea_id BLOB NOT NULL REFERENCES ideas (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    uploaded_by BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idea_papers_idea_id ON idea_papers (idea_id);

-- Lists of ideas or results that went up under one letter.
CREATE TABLE dispatches (
    id BLOB NOT NULL PRIMARY KEY,
    verb TEXT NOT NULL,
    letter_number TEXT NOT NULL,
    letter_date TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    items TEXT NOT NULL
) STRICT;

-- Business plans (phương án sản xuất kinh doanh).
CREATE TABLE plans (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    idea_id BLOB NOT NULL UNIQUE REFERENCES ideas (id),
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    product_id BLOB REFERENCES products (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    state TEXT NOT NULL,
    capacity TEXT NOT NULL,
    market TEXT NOT NULL,
    materials TEXT NOT NULL,
    technology TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX plans_cycle_id_state ON plans (cycle_id, state);
CREATE INDEX plans_producer_id ON plans (producer_id);
CREATE INDEX plans_product_id ON plans (product_id);
CREATE INDEX plans_commune_code_id ON plans (commune_code, id);
CREATE INDEX plans_district_code_id ON plans (district_code, id);

-- A plan's money by source and year, in VND.
CREATE TABLE plan_finance (
    plan_id BLOB NOT NULL REFERENCES plans (id),
    year INTEGER NOT NULL,
    own INTEGER NOT NULL,
    loan INTEGER NOT NULL,
    other INTEGER NOT NULL,
    state_support INTEGER NOT NULL,
    PRIMARY KEY (plan_id, year)
) STRICT;

-- A product in a cycle.
CREATE TABLE dossiers (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    product_id BLOB NOT NULL REFERENCES products (id),
    cycle_id BLOB NOT NULL REFERENCES cycles (id),
    plan_id BLOB NOT NULL UNIQUE REFERENCES plans (id),
    producer_id BLOB NOT NULL REFERENCES producers (id),
    commune_code TEXT NOT NULL,
    district_code TEXT,
    state TEXT NOT NULL,
    criteria_set_id BLOB REFERENCES criteria_sets (id),
    responsible_account_id BLOB REFERENCES accounts (id),
    self_marks TEXT,
    submitted_at INTEGER,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    created_at INTEGER NOT NULL,
    UNIQUE (product_id, cycle_id)
) STRICT;
CREATE INDEX dossiers_cycle_id_state ON dossiers (cycle_id, state);
CREATE INDEX dossiers_product_id ON dossiers (product_id);
CREATE INDEX dossiers_producer_id ON dossiers (producer_id);
CREATE INDEX dossiers_commune_code_id ON dossiers (commune_code, id);
CREATE INDEX dossiers_district_code_id ON dossiers (district_code, id);

-- Documents that a dossier hands in.
CREATE TABLE dossier_documents (
    dossier_id BLOB NOT NULL REFERENCES dossiers (id),
    document_id BLOB NOT NULL REFERENCES documents (id),
    PRIMARY KEY (dossier_id, document_id)
) STRICT;
CREATE INDEX dossier_documents_document_id ON dossier_documents (document_id);

-- Visits of the responsible officer.
CREATE TABLE visits (
    id BLOB NOT NULL PRIMARY KEY,
    dossier_id BLOB NOT NULL REFERENCES dossiers (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    visited_on TEXT NOT NULL,
    findings TEXT NOT NULL,
    advice TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX visits_dossier_id ON visits (dossier_id);
