DROP TABLE task_summaries;
ALTER TABLE accounts DROP COLUMN summary_off_at;
ALTER TABLE accounts DROP COLUMN language;
ALTER TABLE accounts DROP COLUMN email;
