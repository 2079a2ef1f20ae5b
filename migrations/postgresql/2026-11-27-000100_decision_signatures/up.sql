-- What of a decision was given out to be signed outside: a file that is handed in is held against these.
CREATE TABLE decision_prints (
    decision_id uuid NOT NULL REFERENCES decisions (id),
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (decision_id, sha256)
);

-- The signed files that were handed in, each as it was judged then.
CREATE TABLE decision_originals (
    id uuid NOT NULL PRIMARY KEY,
    decision_id uuid NOT NULL REFERENCES decisions (id),
    file_id uuid NOT NULL REFERENCES files (id),
    sha256 bytea NOT NULL,
    judgement jsonb NOT NULL,
    uploaded_by uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX decision_originals_decision_id ON decision_originals (decision_id);

-- decisions: how the newest original was judged
ALTER TABLE decisions ADD COLUMN original_verdict text;
ALTER TABLE decisions ADD COLUMN original_content text;
