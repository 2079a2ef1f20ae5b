-- How many uploads of a visitor's day became no doubt; they count like doubts. Deleted when the day is over.
CREATE TABLE doubt_uploads (
    day date NOT NULL,
    visitor bytea NOT NULL,
    uploads integer NOT NULL,
    PRIMARY KEY (day, visitor)
);
