import type { DatabaseSchema } from '../database/open.ts'

/** Which tokens were given out, and which keys check them. Never a token's text, nor a private key. */
export const ACCESS_SCHEMA: DatabaseSchema = {
  name: 'database of access tokens',
  migrations: [
    `
  CREATE TABLE key (
    kid     TEXT PRIMARY KEY,
    x       TEXT NOT NULL,         -- public half, base64url (RFC 8037)
    created INTEGER NOT NULL       -- wall-clock milliseconds, as all times here
  ) STRICT;

  CREATE TABLE token (
    jti        TEXT PRIMARY KEY,
    kid        TEXT NOT NULL,
    user       TEXT NOT NULL,
    cameras    TEXT NOT NULL,      -- JSON list of ids, or ["*"]
    note       TEXT,
    created    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    by         TEXT NOT NULL,      -- who gave it out
    revoked_at INTEGER,
    revoked_by TEXT
  ) STRICT;
  CREATE INDEX token_expires ON token (expires);
`,
  ],
}
