DROP TABLE reminder_letters;
DROP TABLE sheet_reminders;
