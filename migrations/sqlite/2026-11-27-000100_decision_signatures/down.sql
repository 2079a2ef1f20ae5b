ALTER TABLE decisions DROP COLUMN original_content;
ALTER TABLE decisions DROP COLUMN original_verdict;
DROP TABLE decision_originals;
DROP TABLE decision_prints;
