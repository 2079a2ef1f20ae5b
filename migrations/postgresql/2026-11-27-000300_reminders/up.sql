-- rating: who was reminded of the own sheet, by whom and when
CREATE TABLE sheet_reminders (
    id uuid NOT NULL PRIMARY KEY,
    agenda_item_id uuid NOT NULL REFERENCES agenda_items (id),
    attempt integer NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    reminded_by uuid NOT NULL REFERENCES accounts (id),
    reminded_at timestamptz NOT NULL
);
CREATE INDEX sheet_reminders_item ON sheet_reminders (agenda_item_id, attempt);
CREATE INDEX sheet_reminders_at ON sheet_reminders (reminded_at);

-- notice: the letter that tells somebody so; the row is there before anything is sent
CREATE TABLE reminder_letters (
    reminder_id uuid NOT NULL PRIMARY KEY REFERENCES sheet_reminders (id),
    state text NOT NULL,
    attempts integer NOT NULL,
    changed_at timestamptz NOT NULL,
    next_at timestamptz,
    failure text
);
CREATE INDEX reminder_letters_state ON reminder_letters (state);
