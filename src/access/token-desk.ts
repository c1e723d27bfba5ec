import { randomInt } from 'node:crypto'
import { VmsError } from '../kernel/errors.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { formatDuration } from '../kernel/units.ts'
import type { AccessStore, KeyRecord, TokenRecord } from './access-store.ts'
import { type SigningKey, signToken } from './sign-token.ts'
import { makeKey, readKey, removeKey } from './signing-keys.ts'
import { MAX_TOKEN } from './verify-token.ts'

export interface TokenRequest {
  readonly user: string
  /** Ids, or `*` alone. */
  readonly cameras: readonly string[]
  /** Milliseconds for which it holds: a minute to 365 days. */
  readonly life: number
  readonly note: string | null
  readonly by: string
}

export interface IssuedToken extends TokenRecord {
  /** Its text. It is nowhere else: whoever loses it needs another. */
  readonly token: string
}

const SHORTEST = 60_000
const LONGEST = 365 * 86_400_000

/** Where tokens are given out and taken back. `keys` is the directory of the private keys. */
export class TokenDesk {
  readonly #store: AccessStore
  readonly #keys: string

  constructor(store: AccessStore, keys: string) {
    this.#store = store
    this.#keys = keys
  }

  /** Gives a token out. Throws VMS_E_USAGE for what it cannot hold, VMS_E_TOKEN_KEY where nothing can be signed. */
  async issue(request: TokenRequest, now: number): Promise<IssuedToken> {
    checkUser(request.user)
    checkLife(request.life)
    for (;;) {
      const issued = await this.#sign(request, now)
      const { token, ...record } = issued
      // Another process may have made another key meanwhile, and this one would check nothing any more.
      if (this.#enter(record, now)) return issued
    }
  }

  async #sign({ user, cameras, life, note, by }: TokenRequest, now: number): Promise<IssuedToken> {
    const key = this.#signingKey(now)
    const record: TokenRecord = {
      id: newId(now),
      kid: key.kid,
      user,
      cameras,
      note,
      created: now,
      // What the token says, in whole seconds.
      expires: Math.floor((now + life) / 1_000) * 1_000,
      by,
      revoked: null,
    }
    const token = await signToken({ user, cameras, jti: record.id, expires: record.expires }, now, key)
    if (token.length > MAX_TOKEN)
      throw new VmsError(
        'VMS_E_USAGE',
        `a token for these ${cameras.length} cameras is too long for a URL or a header`,
        {
          hint: 'Name fewer cameras, or --all.',
        },
      )
    return { ...record, token }
  }

  /** False where its key is not the one that signs any more. */
  #enter(record: TokenRecord, now: number): boolean {
    return this.#store.transaction(() => {
      if (this.#store.keys().at(-1)?.key.kid !== record.kid) return false
      this.#store.prune(now)
      this.#store.addToken(record)
      return true
    })
  }

  /** Takes tokens back, by id or all of a user that hold. Throws VMS_E_TOKEN_NOT_FOUND, and takes none back then. */
  revoke(
    which: { readonly ids: readonly string[] } | { readonly user: string },
    now: number,
    by: string,
  ): TokenRecord[] {
    return this.#store.transaction(() => {
      const all = this.#store.tokens()
      const ids = 'ids' in which ? [...new Set(which.ids)] : all.filter(ofUser(which.user, now)).map(({ id }) => id)
      if (ids.length === 0 && 'user' in which)
        throw new VmsError('VMS_E_TOKEN_NOT_FOUND', `${JSON.stringify(which.user)} has no token that holds`)
      const known = new Set(all.map(({ id }) => id))
      const strange = ids.find(id => !known.has(id))
      if (strange !== undefined)
        throw new VmsError('VMS_E_TOKEN_NOT_FOUND', `no token has the id ${JSON.stringify(strange.slice(0, 64))}`)
      this.#store.revoke(ids, now, by)
      return this.#store.tokens().filter(({ id }) => ids.includes(id))
    })
  }

  /** Makes another key for what is signed from now on. The one before checks its tokens until the last has run out. */
  rotate(now: number): KeyRecord {
    const { before, made } = this.#store.transaction(() => {
      const before = this.#store.keys()
      const made = this.#newKey(now)
      this.#store.prune(now)
      return { before, made }
    })
    // Only now: without it, nothing could be signed where the new one was not entered.
    for (const { key } of before) removeKey(this.#keys, key.kid)
    return made
  }

  #signingKey(now: number): SigningKey {
    // Two first tokens at once must not make two keys, and none is taken away while it is read.
    return this.#store.transaction(() => {
      const { key } = this.#store.keys().at(-1) ?? this.#newKey(now)
      return readKey(this.#keys, key)
    })
  }

  #newKey(now: number): KeyRecord {
    const made = { key: makeKey(this.#keys, newId(now)), created: now }
    this.#store.addKey(made)
    return made
  }
}

function newId(now: number): string {
  return timeOrderedId(now, () => randomInt(2 ** 32) / 2 ** 32)
}

function ofUser(user: string, now: number): (token: TokenRecord) => boolean {
  return token => token.user === user && token.revoked === null && token.expires > now
}

function checkUser(user: string): void {
  if (user !== '' && user === user.trim() && user.length <= 64 && !/\p{Cc}/u.test(user)) return
  throw new VmsError(
    'VMS_E_USAGE',
    'the name of a user is 1 to 64 characters, without blanks around and control characters',
  )
}

function checkLife(life: number): void {
  if (life >= SHORTEST && life <= LONGEST) return
  throw new VmsError('VMS_E_USAGE', `a token cannot hold for ${formatDuration(life)}`, {
    hint: 'Say 1m to 365d; short ones are safer, for a token that is lost lets anybody in.',
  })
}
