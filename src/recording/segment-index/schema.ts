import type { DatabaseSchema } from '../../database/open.ts'

/**
 * The index of an archive. A segment's row is 70 to 80 bytes, so that the 8.6 million of 200 cameras in 90 days stay under a
 * gigabyte: names are numbers, a path stands only where it does not follow from the start.
 */
const TABLES = `
  -- One stream of a camera, and sums over its segments, so that a status need not read them all.
  CREATE TABLE stream (
    id       INTEGER PRIMARY KEY,
    camera   TEXT NOT NULL,
    role     TEXT NOT NULL,             -- main, sub
    segments INTEGER NOT NULL DEFAULT 0,
    bytes    INTEGER NOT NULL DEFAULT 0,
    last_end INTEGER NOT NULL DEFAULT 0, -- wall-clock milliseconds
    longest  INTEGER NOT NULL DEFAULT 0, -- milliseconds: no segment that overlaps an instant began longer before it
    UNIQUE (camera, role)
  ) STRICT;

  CREATE TABLE session (
    id     INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    name   TEXT NOT NULL,               -- as the files tell it
    codec  TEXT NOT NULL,
    newest INTEGER NOT NULL,            -- start of its newest segment: a session older than all segments can go
    UNIQUE (stream, name)
  ) STRICT;

  -- Why segments began and ended, why footage is missing.
  CREATE TABLE word (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;

  -- Clustered by camera and time: a day of a camera is read from a few neighbouring pages.
  CREATE TABLE segment (
    stream       INTEGER NOT NULL,
    start        INTEGER NOT NULL,      -- wall-clock milliseconds
    session      INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    length       INTEGER NOT NULL,      -- milliseconds
    bytes        INTEGER NOT NULL,
    frames       INTEGER NOT NULL,
    began        INTEGER NOT NULL,
    ended        INTEGER NOT NULL,
    clock_offset INTEGER,               -- milliseconds
    sha256       BLOB,
    path         TEXT,                  -- NULL: the name in UTC that follows from the start
    doomed       INTEGER NOT NULL DEFAULT 0, -- why it is being deleted (a word), 0 when it is not
    PRIMARY KEY (stream, start, session, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX segment_doomed ON segment (stream, start) WHERE doomed <> 0;

  -- What is recorded: the segments' times, joined where nothing is missing between them.
  CREATE TABLE span (
    stream INTEGER NOT NULL,
    start  INTEGER NOT NULL,
    end    INTEGER NOT NULL,
    PRIMARY KEY (stream, start)
  ) STRICT, WITHOUT ROWID;

  -- What was recorded and is gone, and why.
  CREATE TABLE removed (
    stream INTEGER NOT NULL,
    start  INTEGER NOT NULL,
    end    INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    PRIMARY KEY (stream, start)
  ) STRICT, WITHOUT ROWID;

  -- What was not recorded, as the workers noted it.
  CREATE TABLE gap (
    stream INTEGER NOT NULL,
    start  INTEGER NOT NULL,
    end    INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    PRIMARY KEY (stream, start, reason)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX gap_end ON gap (stream, end);

  -- How far each worker's journal has been read, as the recorder's readJournal counts.
  CREATE TABLE journal (
    slot     INTEGER PRIMARY KEY,
    position INTEGER NOT NULL
  ) STRICT;

  -- Footage that nothing may delete.
  CREATE TABLE hold (
    id       TEXT PRIMARY KEY,
    camera   TEXT NOT NULL,
    start    INTEGER NOT NULL,
    end      INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    by       TEXT NOT NULL,
    at       INTEGER NOT NULL,
    released INTEGER                    -- wall-clock milliseconds; NULL while it holds
  ) STRICT, WITHOUT ROWID;
`

/** Who released a hold, and why. */
const HOLD_RELEASE = `
  ALTER TABLE hold ADD COLUMN released_by TEXT;
  ALTER TABLE hold ADD COLUMN release_reason TEXT;
`

/** When all files of the archive were in the index: no row until they are. */
const COMPLETE = `
  CREATE TABLE complete (
    since INTEGER PRIMARY KEY           -- wall-clock milliseconds
  ) STRICT;
`

/** Of which storage: by the id of its marker. */
const COMPLETE_STORAGE = `
  ALTER TABLE complete ADD COLUMN storage TEXT;
`

export const INDEX_SCHEMA: DatabaseSchema = {
  name: 'index of the archive',
  migrations: [TABLES, HOLD_RELEASE, COMPLETE, COMPLETE_STORAGE],
}
