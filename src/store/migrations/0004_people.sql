-- Who may come in, by which ways, and what they did.

ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'editor'
    CHECK (role IN ('admin', 'editor', 'viewer'));
-- argon2id in PHC form, sealed; null: no sign-in by password
ALTER TABLE users ADD COLUMN password BLOB;
-- who the user is at an identity provider; both or none
ALTER TABLE users ADD COLUMN issuer TEXT;
ALTER TABLE users ADD COLUMN subject TEXT CHECK ((issuer IS NULL) = (subject IS NULL));
ALTER TABLE users ADD COLUMN email TEXT;
-- on the page, not with an app password
ALTER TABLE users ADD COLUMN last_sign_in INTEGER;

CREATE UNIQUE INDEX users_subject ON users (issuer, subject);

-- which services an app password opens
ALTER TABLE app_passwords ADD COLUMN scope TEXT NOT NULL DEFAULT 'all'
    CHECK (scope IN ('all', 'files', 'calendars', 'contacts'));

-- given by the user; the label stays the cloud's
ALTER TABLE connections ADD COLUMN name TEXT;

-- A browser that is signed in.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- hash of the cookie
    hash BLOB NOT NULL UNIQUE,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_user ON sessions (user_id);

-- Links that work once.
CREATE TABLE invites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- hash of the link's secret
    hash BLOB NOT NULL UNIQUE,
    -- who sets a password with it; null: the owner to be
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

CREATE INDEX invites_user ON invites (user_id);

-- A sign-in at an identity provider under way.
CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- hashes of the state and of the browser's secret
    state BLOB NOT NULL UNIQUE,
    browser BLOB NOT NULL,
    nonce BLOB NOT NULL,
    -- sealed
    verifier BLOB NOT NULL,
    redirect TEXT NOT NULL,
    -- where on the page it goes on
    back TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

-- A connection by a pasted token that has begun.
CREATE TABLE pending_connections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE INDEX pending_connections_user ON pending_connections (user_id);

-- What a user does not want clients to see.
CREATE TABLE hidden (
    connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('drive', 'event', 'contact')),
    id TEXT NOT NULL,
    PRIMARY KEY (connection_id, kind, id)
) STRICT, WITHOUT ROWID;

-- A program that asks for an app password (login flow v2).
CREATE TABLE logins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- hashes of what the program asks with, and of what the browser shows
    poll BLOB NOT NULL UNIQUE,
    flow BLOB NOT NULL UNIQUE,
    agent TEXT NOT NULL,
    -- once granted: whose, and the sealed app password until it is fetched
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    password BLOB,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

CREATE INDEX logins_user ON logins (user_id);

-- Who did what. Names, not rows: it outlives the users.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    -- null: an operator, or nobody known
    actor TEXT,
    action TEXT NOT NULL,
    -- whom it is about
    user TEXT,
    -- what it is about, e.g. a connection
    object TEXT NOT NULL,
    client TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('page', 'dav', 'command'))
) STRICT;
