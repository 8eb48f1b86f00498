-- App passwords for calendars and contacts together. The column is made anew: a CHECK cannot be changed.
ALTER TABLE app_passwords ADD COLUMN services TEXT NOT NULL DEFAULT 'all'
    CHECK (services IN ('all', 'files', 'calendars', 'contacts', 'calendars,contacts'));

UPDATE app_passwords SET services = scope;

ALTER TABLE app_passwords DROP COLUMN scope;

ALTER TABLE app_passwords RENAME COLUMN services TO scope;
