-- accounts: where their person gets mail, in which language, and since when they want no daily summary
ALTER TABLE accounts ADD COLUMN email TEXT;
ALTER TABLE accounts ADD COLUMN language TEXT;
ALTER TABLE accounts ADD COLUMN summary_off_at INTEGER;

-- notice: the daily summary of an account's tasks, at most one a day; the row is there before anything is sent
CREATE TABLE task_summaries (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    tasks INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    next_at INTEGER,
    failure TEXT,
    PRIMARY KEY (account_id, day)
) STRICT;
CREATE INDEX task_summaries_day ON task_summaries (day);
