import type { DatabaseSync } from 'node:sqlite'
import { openDatabase, transaction } from '../database/open.ts'
import { ACCESS_SCHEMA } from './access-schema.ts'
import type { AccessRules, PublicKey } from './grant.ts'

/** A token that was given out, without its text. Times are wall-clock milliseconds. */
export interface TokenRecord {
  readonly id: string
  readonly kid: string
  readonly user: string
  readonly cameras: readonly string[]
  readonly note: string | null
  readonly created: number
  readonly expires: number
  readonly by: string
  readonly revoked: { readonly at: number; readonly by: string } | null
}

export interface KeyRecord {
  readonly key: PublicKey
  readonly created: number
}

/** Tokens that ran out so long ago are forgotten, milliseconds: 90 days. */
const MEMORY = 90 * 86_400_000
/** A token is taken for a few seconds after its end. */
const LEEWAY = 60_000
/** Milliseconds for which a revoked token is told of after its end: a clock that is set back must not revive it. */
const REVOKED_LEEWAY = 86_400_000

/** The tokens that were given out, and the public keys. */
export class AccessStore implements Disposable {
  readonly #database: DatabaseSync

  /** Throws VMS_E_STATE_DIRECTORY. */
  constructor(path: string) {
    this.#database = openDatabase(path, ACCESS_SCHEMA)
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  /** All of `work`, or on an error nothing; nobody else writes meanwhile. */
  transaction<T>(work: () => T): T {
    return transaction(this.#database, work)
  }

  /** A number that is another after others have written. */
  get version(): number {
    return (this.#database.prepare('PRAGMA data_version').get() as { data_version: number }).data_version
  }

  /** Oldest first; the last one signs. */
  keys(): KeyRecord[] {
    const rows = this.#database.prepare('SELECT kid, x, created FROM key ORDER BY created, rowid').all()
    return (rows as { kid: string; x: string; created: number }[]).map(({ kid, x, created }) => ({
      key: { kty: 'OKP', crv: 'Ed25519', kid, x },
      created,
    }))
  }

  addKey({ key, created }: KeyRecord): void {
    this.#database.prepare('INSERT INTO key (kid, x, created) VALUES (?, ?, ?)').run(key.kid, key.x, created)
  }

  /** In the order in which they were given out. */
  tokens(): TokenRecord[] {
    const rows = this.#database.prepare('SELECT * FROM token ORDER BY created, rowid').all()
    return (rows as unknown as TokenRow[]).map(recordOf)
  }

  addToken({ id, kid, user, cameras, note, created, expires, by }: TokenRecord): void {
    this.#database
      .prepare(
        'INSERT INTO token (jti, kid, user, cameras, note, created, expires, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, kid, user, JSON.stringify(cameras), note, created, expires, by)
  }

  revoke(ids: readonly string[], at: number, by: string): void {
    const update = this.#database.prepare(
      'UPDATE token SET revoked_at = ?, revoked_by = ? WHERE jti = ? AND revoked_at IS NULL',
    )
    for (const id of ids) update.run(at, by, id)
  }

  /** Forgets what nobody needs any more: tokens that ran out long ago, and keys but the last that signed no other. */
  prune(now: number): void {
    this.#database.prepare('DELETE FROM token WHERE expires < ?').run(now - MEMORY)
    this.#database
      .prepare(
        `DELETE FROM key WHERE kid NOT IN (SELECT kid FROM token WHERE expires > ?)
            AND rowid <> (SELECT rowid FROM key ORDER BY created DESC, rowid DESC LIMIT 1)`,
      )
      .run(now - LEEWAY)
  }

  /** What decides at `now` which tokens hold. */
  rules(now: number): AccessRules {
    const rows = this.#database
      .prepare('SELECT jti FROM token WHERE revoked_at IS NOT NULL AND expires > ? ORDER BY jti')
      .all(now - REVOKED_LEEWAY) as { jti: string }[]
    return { keys: this.keys().map(({ key }) => key), revoked: rows.map(({ jti }) => jti) }
  }
}

interface TokenRow extends Omit<TokenRecord, 'id' | 'cameras' | 'revoked'> {
  readonly jti: string
  readonly cameras: string
  readonly revoked_at: number | null
  readonly revoked_by: string | null
}

function recordOf({ jti, cameras, revoked_at: at, revoked_by: by, ...rest }: TokenRow): TokenRecord {
  const revoked = at === null ? null : { at, by: by ?? '' }
  return { id: jti, ...rest, cameras: JSON.parse(cameras) as string[], revoked }
}
