-- Why the list of calendars or address books could not be read the last time.
CREATE TABLE list_problems (
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (connection_id, kind)
) STRICT, WITHOUT ROWID;
