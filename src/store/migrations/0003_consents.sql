-- A consent under way: from the click until the company sends the browser back.
CREATE TABLE consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- hash of the state that the browser comes back with
    state BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- hash of the session it is bound to
    session BLOB NOT NULL,
    provider TEXT NOT NULL,
    redirect TEXT NOT NULL,
    -- sealed; replaced right after the row is made, since its place names the row
    verifier BLOB NOT NULL,
    -- the connection that is connected again; null: a new one
    connection_id INTEGER REFERENCES connections (id) ON DELETE CASCADE,
    expires INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_user ON consents (user_id);
