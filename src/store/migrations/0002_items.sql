-- The copy of calendars and address books. Addresses, names and UIDs outlive a disconnect; the
-- copied content does not.

-- A calendar or address book of an account.
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL,
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('event', 'contact')),
    shelf_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- as the cloud told it last
    name TEXT NOT NULL,
    description TEXT,
    color TEXT,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    position INTEGER NOT NULL,
    -- proven to be there no more
    gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
    -- highest revision of its items; a purge of tombstones raises the floor
    revision INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    -- end of the first complete look; null: nothing of it is served
    complete INTEGER,
    UNIQUE (user, slug),
    UNIQUE (connection_id, kind, shelf_id)
) STRICT;

-- When the list of an account's shelves was last read completely.
CREATE TABLE shelf_lists (
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    looked INTEGER NOT NULL,
    -- of the connection at that time: a newer one asks for a new look
    generation INTEGER NOT NULL,
    PRIMARY KEY (connection_id, kind)
) STRICT, WITHOUT ROWID;

-- A stream of looks at one or more shelves.
CREATE TABLE feeds (
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    feed_id TEXT NOT NULL,
    cursor TEXT,
    -- last complete looks
    full_look INTEGER,
    near_look INTEGER,
    -- of the connection at the last look
    generation INTEGER NOT NULL,
    -- who works on it, and until when at the latest
    lease TEXT,
    lease_until INTEGER,
    -- of the look under way, or the last one
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    unreadable INTEGER NOT NULL,
    problem TEXT,
    PRIMARY KEY (connection_id, kind, feed_id)
) STRICT, WITHOUT ROWID;

-- Parts of items as the cloud gave them.
CREATE TABLE parts (
    connection_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    feed_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    -- 0: by a look, 1: by a single reading, which then counts alone
    source INTEGER NOT NULL CHECK (source IN (0, 1)),
    part TEXT NOT NULL,
    version TEXT NOT NULL,
    -- a single reading tells more
    more INTEGER NOT NULL CHECK (more IN (0, 1)),
    -- not yet in the items
    dirty INTEGER NOT NULL CHECK (dirty IN (0, 1)),
    first INTEGER,
    last INTEGER,
    shelves TEXT NOT NULL,
    -- UID told with it
    uid TEXT,
    value TEXT,
    PRIMARY KEY (connection_id, kind, feed_id, item_id, source, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX parts_dirty ON parts (connection_id, kind, feed_id, item_id) WHERE dirty = 1;

-- Items as they are served; removed ones stay as tombstones.
CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    item_id TEXT NOT NULL,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    -- hash of the text
    etag TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- first and last instant; null: no time, or no end
    first INTEGER,
    last INTEGER,
    recurring INTEGER NOT NULL CHECK (recurring IN (0, 1)),
    revision INTEGER NOT NULL,
    removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
    -- version of the mapping that wrote the text
    renderer INTEGER NOT NULL,
    created INTEGER NOT NULL,
    -- when this content was first seen
    stamp INTEGER NOT NULL,
    UNIQUE (collection_id, item_id),
    UNIQUE (collection_id, name)
) STRICT;

CREATE INDEX items_revision ON items (collection_id, revision);
CREATE INDEX items_uid ON items (collection_id, uid);
CREATE INDEX items_time ON items (collection_id, first);

CREATE TABLE item_texts (
    id INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
