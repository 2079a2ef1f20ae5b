-- A draft that was given up makes room for another: what is unique is so among those that were not discarded.
ALTER TABLE plans DROP CONSTRAINT plans_idea_id_key;
CREATE UNIQUE INDEX plans_idea_id ON plans (idea_id) WHERE state <> 'discarded';
ALTER TABLE councils DROP CONSTRAINT councils_cycle_id_unit_code_round_key;
CREATE UNIQUE INDEX councils_cycle_id_unit_code_round ON councils (cycle_id, unit_code, round) WHERE state <> 'discarded';
ALTER TABLE group_reports DROP CONSTRAINT group_reports_agenda_item_id_key;
CREATE UNIQUE INDEX group_reports_agenda_item_id ON group_reports (agenda_item_id) WHERE state <> 'discarded';
