-- What of a decision was given out to be signed outside: a file that is handed in is held against these.
CREATE TABLE decision_prints (
    decision_id BLOB NOT NULL REFERENCES decisions (id),
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (decision_id, sha256)
) STRICT;

-- The signed files that were handed in, each as it was judged then.
CREATE TABLE decision_originals (
    id BLOB NOT NULL PRIMARY KEY,
    decision_id BLOB NOT NULL REFERENCES decisions (id),
    file_id BLOB NOT NULL REFERENCES files (id),
    sha256 BLOB NOT NULL,
    judgement TEXT NOT NULL,
    uploaded_by BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_originals_decision_id ON decision_originals (decision_id);

-- decisions: how the newest original was judged
ALTER TABLE decisions ADD COLUMN original_verdict TEXT;
ALTER TABLE decisions ADD COLUMN original_content TEXT;
