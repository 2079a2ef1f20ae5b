-- criteria_sets: the English title beside the Vietnamese one, so that lists name sets without reading their trees
ALTER TABLE criteria_sets ADD COLUMN title_en TEXT NOT NULL DEFAULT '';
UPDATE criteria_sets SET title_en = json_extract(tree, '$.title_en');
