-- Who may come in by an identity provider, and secrets that stood in the clear.

-- whether the identity provider disabled the user, and may enable them again
ALTER TABLE users ADD COLUMN shut_out INTEGER NOT NULL DEFAULT 0
    CHECK (shut_out IN (0, 1) AND shut_out <= disabled);

-- once granted: the app password that ends with the request where no program fetches it
ALTER TABLE logins ADD COLUMN password_id INTEGER
    REFERENCES app_passwords (id) ON DELETE CASCADE;

CREATE INDEX logins_password ON logins (password_id);

-- as before, but where it goes on is sealed: a place of the page can hold a secret
DROP TABLE sign_ins;

CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- hashes of the state and of the browser's secret
    state BLOB NOT NULL UNIQUE,
    browser BLOB NOT NULL,
    nonce BLOB NOT NULL,
    -- sealed
    verifier BLOB NOT NULL,
    redirect TEXT NOT NULL,
    -- where on the page it goes on; sealed
    back BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
