-- Times are microseconds since 1970 in UTC. Written for SQLite (STRICT knows INTEGER, not BIGINT);
-- an engine of another kind gets its own folder with the same numbers.

-- One row about the database itself.
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- names this life of the database; a restore begins a new one
    incarnation TEXT NOT NULL,
    -- rises with each administrative change: copies in memory are checked against it
    generation INTEGER NOT NULL,
    created INTEGER NOT NULL,
    -- a known text, sealed: tells whether the key file belongs to this database
    key_check BLOB NOT NULL
) STRICT;

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE app_passwords (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    -- keyed hash of user name and password; the key is not in the database
    hash BLOB NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    access TEXT NOT NULL CHECK (access IN ('read', 'read-write')),
    created INTEGER NOT NULL,
    expires INTEGER,
    last_used INTEGER
) STRICT;

CREATE INDEX app_passwords_user ON app_passwords (user_id);

-- A disconnected account keeps its row without token: its addresses are for ever.
CREATE TABLE connections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    slug TEXT NOT NULL,
    account_id TEXT NOT NULL,
    label TEXT NOT NULL,
    token BLOB,
    state TEXT NOT NULL CHECK (state IN ('active', 'signed_out', 'disconnected')),
    state_since INTEGER NOT NULL,
    problem TEXT,
    generation INTEGER NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (user_id, slug),
    UNIQUE (user_id, provider, account_id),
    CHECK ((token IS NULL) = (state = 'disconnected'))
) STRICT;

-- What the token carried when it was connected, in the order shown.
CREATE TABLE connection_scopes (
    connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    scope TEXT NOT NULL,
    -- why it is missing; null: granted
    missing TEXT,
    PRIMARY KEY (connection_id, position)
) STRICT;

-- Addresses and names outlive what they name, so they refer to nothing.
CREATE TABLE drive_slugs (
    connection_id INTEGER NOT NULL,
    drive_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    PRIMARY KEY (connection_id, drive_id),
    UNIQUE (connection_id, slug)
) STRICT;

CREATE TABLE file_names (
    connection_id INTEGER NOT NULL,
    drive_id TEXT NOT NULL,
    folder_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (connection_id, drive_id, folder_id, entry_id)
) STRICT, WITHOUT ROWID;
