/** What the workers' journals told: finished segments, gaps, and how far each journal has been read. */
export const JOURNAL = `
  CREATE TABLE journal (
    slot     INTEGER PRIMARY KEY,
    position INTEGER NOT NULL      -- as the recorder's readJournal counts
  ) STRICT;

  CREATE TABLE segment (
    path    TEXT PRIMARY KEY,      -- relative to the storage path
    camera  TEXT NOT NULL,
    stream  TEXT NOT NULL,
    session TEXT NOT NULL,
    number  INTEGER NOT NULL,
    start   INTEGER NOT NULL,      -- wall-clock milliseconds
    end     INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    frames  INTEGER NOT NULL,
    codec   TEXT NOT NULL,
    began   TEXT NOT NULL,
    ended   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX segment_camera ON segment (camera, stream, start);

  CREATE TABLE gap (
    camera TEXT NOT NULL,
    start  INTEGER NOT NULL,
    end    INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (camera, start, reason)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX gap_end ON gap (end);

  -- Sums over segments, so that a status need not read them all.
  CREATE TABLE total (
    camera   TEXT PRIMARY KEY,
    segments INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    last_end INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`
