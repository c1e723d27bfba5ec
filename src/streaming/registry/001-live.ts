/** What runs on demand, for whom, and who watched what. All times are wall-clock milliseconds. */
export const LIVE = `
  -- Streams that a daemon had up; another one finds them here.
  CREATE TABLE stream (
    camera TEXT NOT NULL,
    stream TEXT NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (camera, stream)
  ) STRICT, WITHOUT ROWID;

  -- Who said that it watches, and how long it counts.
  CREATE TABLE lease (
    id       TEXT PRIMARY KEY,
    camera   TEXT NOT NULL,
    stream   TEXT NOT NULL,
    user     TEXT NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    protocol TEXT,
    client   TEXT,
    token    TEXT,                 -- id of the token that it came with
    expires  INTEGER               -- when that runs out
  ) STRICT, WITHOUT ROWID;

  -- Streams that are kept up though nobody watches.
  CREATE TABLE keep (
    camera TEXT NOT NULL,
    stream TEXT NOT NULL,
    by     TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER,                -- NULL: until somebody takes it back
    PRIMARY KEY (camera, stream)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE viewing (
    turn     INTEGER PRIMARY KEY,
    session  TEXT NOT NULL,        -- id of the session at whoever serves it
    camera   TEXT NOT NULL,
    stream   TEXT NOT NULL,
    user     TEXT NOT NULL,
    protocol TEXT NOT NULL,
    client   TEXT,
    address  TEXT NOT NULL,
    started  INTEGER NOT NULL,
    ended    INTEGER,              -- NULL while it goes on
    bytes    INTEGER NOT NULL,
    how      TEXT
  ) STRICT;
  CREATE INDEX viewing_started ON viewing (started);
  CREATE INDEX viewing_camera ON viewing (camera, started);
  CREATE INDEX viewing_user ON viewing (user, started);
  CREATE INDEX viewing_open ON viewing (session) WHERE ended IS NULL;

  CREATE TABLE look (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL           -- when a daemon looked last at who watches
  ) STRICT;
`
