/** What people asked for, and which worker has which camera. */
export const WANTED_STATE = `
  -- A row only where somebody said start or stop; else the configuration decides.
  CREATE TABLE wanted (
    camera TEXT PRIMARY KEY,
    record INTEGER NOT NULL,       -- 1 start, 0 stop
    by     TEXT NOT NULL,          -- who said so
    at     INTEGER NOT NULL        -- wall-clock milliseconds
  ) STRICT, WITHOUT ROWID;

  -- The same, as history: footage that nobody wanted is not lost.
  CREATE TABLE wanted_history (
    camera TEXT NOT NULL,
    at     INTEGER NOT NULL,
    record INTEGER NOT NULL,
    by     TEXT NOT NULL
  ) STRICT;
  CREATE INDEX wanted_history_camera ON wanted_history (camera, at);

  CREATE TABLE placement (
    camera TEXT PRIMARY KEY,
    slot   INTEGER NOT NULL,
    since  INTEGER NOT NULL        -- wall-clock milliseconds at which the camera came to this node
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`
