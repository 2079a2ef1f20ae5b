-- accounts: where their person gets mail, in which language, and since when they want no daily summary
ALTER TABLE accounts ADD COLUMN email text;
ALTER TABLE accounts ADD COLUMN language text;
ALTER TABLE accounts ADD COLUMN summary_off_at timestamptz;

-- notice: the daily summary of an account's tasks, at most one a day; the row is there before anything is sent
CREATE TABLE task_summaries (
    account_id uuid NOT NULL REFERENCES accounts (id),
    day date NOT NULL,
    state text NOT NULL,
    tasks integer NOT NULL,
    attempts integer NOT NULL,
    changed_at timestamptz NOT NULL,
    next_at timestamptz,
    failure text,
    PRIMARY KEY (account_id, day)
);
CREATE INDEX task_summaries_day ON task_summaries (day);
