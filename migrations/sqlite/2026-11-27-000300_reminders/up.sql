-- rating: who was reminded of the own sheet, by whom and when
CREATE TABLE sheet_reminders (
    id BLOB NOT NULL PRIMARY KEY,
    agenda_item_id BLOB NOT NULL REFERENCES agenda_items (id),
    attempt INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    reminded_by BLOB NOT NULL REFERENCES accounts (id),
    reminded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sheet_reminders_item ON sheet_reminders (agenda_item_id, attempt);
CREATE INDEX sheet_reminders_at ON sheet_reminders (reminded_at);

-- notice: the letter that tells somebody so; the row is there before anything is sent
CREATE TABLE reminder_letters (
    reminder_id BLOB NOT NULL PRIMARY KEY REFERENCES sheet_reminders (id),
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    next_at INTEGER,
    failure TEXT
) STRICT;
CREATE INDEX reminder_letters_state ON reminder_letters (state);
