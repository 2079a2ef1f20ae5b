-- Fails where something was discarded and begun again: which of the two to keep is a person's to say.
DROP INDEX group_reports_agenda_item_id;
ALTER TABLE group_reports ADD CONSTRAINT group_reports_agenda_item_id_key UNIQUE (agenda_item_id);
DROP INDEX councils_cycle_id_unit_code_round;
ALTER TABLE councils ADD CONSTRAINT councils_cycle_id_unit_code_round_key UNIQUE (cycle_id, unit_code, round);
DROP INDEX plans_idea_id;
ALTER TABLE plans ADD CONSTRAINT plans_idea_id_key UNIQUE (idea_id);
