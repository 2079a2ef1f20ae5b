-- The year in which an act enters into force may have a cycle under each edition.
CREATE TABLE cycles_anew (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    year INTEGER NOT NULL,
    edition TEXT NOT NULL,
    state TEXT NOT NULL,
    idea_deadline TEXT NOT NULL,
    rounds TEXT NOT NULL,
    targets TEXT NOT NULL,
    stamps_from TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    conditions TEXT NOT NULL DEFAULT '[]'
) STRICT;
INSERT INTO cycles_anew (id, version, year, edition, state, idea_deadline, rounds, targets, stamps_from, created_at, conditions)
SELECT id, version, year, edition, state, idea_deadline, rounds, targets, stamps_from, created_at, conditions FROM cycles;
DROP TABLE cycles;
ALTER TABLE cycles_anew RENAME TO cycles;
CREATE UNIQUE INDEX cycles_year_edition ON cycles (year, edition);
