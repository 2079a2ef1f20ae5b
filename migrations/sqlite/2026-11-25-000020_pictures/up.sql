-- How many uploads of a visitor's day became no doubt; they count like doubts. Deleted when the day is over.
CREATE TABLE doubt_uploads (
    day TEXT NOT NULL,
    visitor BLOB NOT NULL,
    uploads INTEGER NOT NULL,
    PRIMARY KEY (day, visitor)
) STRICT;
