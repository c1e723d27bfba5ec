/** Who was let in at MediaMTX, which may outlive its daemon: by id of the session, or of its RTSP connection. */
export const RELAY_ADMISSION = `
  CREATE TABLE relay_admission (
    id      TEXT PRIMARY KEY,
    user    TEXT NOT NULL,
    cameras TEXT NOT NULL,         -- JSON list
    token   TEXT NOT NULL,         -- its id
    expires INTEGER NOT NULL       -- wall-clock milliseconds
  ) STRICT;
`
