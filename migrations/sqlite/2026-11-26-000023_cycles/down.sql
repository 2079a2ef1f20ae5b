CREATE TABLE cycles_anew (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    year INTEGER NOT NULL UNIQUE,
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
