import { existsSync } from 'node:fs'
import {
  AccessStore,
  EVERY_CAMERA,
  type IssuedToken,
  type KeyRecord,
  TokenDesk,
  type TokenRecord,
} from '../access/index.ts'
import { makeStateDirectory } from '../config/make-state-directory.ts'
import { type StatePaths, statePaths } from '../config/state-paths.ts'
import type { SiteConfig } from '../config/types.ts'
import { selectCameras } from '../daemon/select-cameras.ts'
import { systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { parseDuration } from '../kernel/units.ts'

export interface TokenWish {
  readonly user: string
  readonly cameras: readonly string[]
  readonly group: string | undefined
  readonly all: boolean
  /** As it is written: `8h`. */
  readonly life: string
  readonly note: string | undefined
  readonly by: string
}

/** A key without its private half, and what it has signed that holds. Times are wall-clock milliseconds. */
export interface KeyReport {
  readonly id: string
  readonly created: number
  /** New tokens are signed with it. */
  readonly signs: boolean
  readonly tokens: number
  /** Until when it is needed to check tokens; null while it signs. */
  readonly until: number | null
}

/** Gives a token out. Rejects with VMS_E_CAMERA_NOT_FOUND with the nearest name, VMS_E_USAGE and VMS_E_TOKEN_KEY. */
export function createToken(config: SiteConfig, stateDir: string, wish: TokenWish): Promise<IssuedToken> {
  const { user, group, all, note = null, by } = wish
  const chosen = selectCameras(config.cameras, { cameras: wish.cameras, group, all })
  // Cameras that are added tomorrow are meant as well.
  const cameras = all ? [EVERY_CAMERA] : chosen
  const life = parseDuration(wish.life)
  return atDesk(stateDir, desk => desk.issue({ user, cameras, life, note, by }, now()))
}

/** Tokens that hold; with `all` those too that ran out or were taken back, 90 days long. */
export function listTokens(stateDir: string, all: boolean): TokenRecord[] {
  const at = now()
  return readStore(stateDir, [], store => store.tokens()).filter(token => all || holds(token, at))
}

/** Takes tokens back. Rejects with VMS_E_TOKEN_NOT_FOUND. */
export async function revokeTokens(
  stateDir: string,
  which: { readonly ids: readonly string[] } | { readonly user: string },
  by: string,
): Promise<TokenRecord[]> {
  if (!existsSync(statePaths(stateDir).access))
    throw new VmsError('VMS_E_TOKEN_NOT_FOUND', `no token was ever given out with the state directory ${stateDir}`)
  return atDesk(stateDir, async desk => desk.revoke(which, now(), by))
}

/** Makes another key for new tokens. */
export function rotateKeys(stateDir: string): Promise<KeyRecord> {
  return atDesk(stateDir, async desk => desk.rotate(now()))
}

/** The keys that check tokens, oldest first. */
export function listKeys(stateDir: string): KeyReport[] {
  const at = now()
  return readStore(stateDir, [], store => {
    const tokens = store.tokens().filter(({ expires }) => expires > at)
    return store.keys().map(({ key, created }, index, { length }) => {
      const signed = tokens.filter(({ kid }) => kid === key.kid)
      const signs = index === length - 1
      const until = signs ? null : Math.max(at, ...signed.map(({ expires }) => expires))
      return { id: key.kid, created, signs, tokens: signed.length, until }
    })
  })
}

export function holds({ revoked, expires }: TokenRecord, at: number): boolean {
  return revoked === null && expires > at
}

async function atDesk<T>(stateDir: string, work: (desk: TokenDesk) => Promise<T>): Promise<T> {
  const paths = statePaths(stateDir)
  makeStateDirectory(paths.dir)
  using store = new AccessStore(paths.access)
  return await work(new TokenDesk(store, paths.keys))
}

/** What `read` finds, or `none` where no token was ever given out: looking makes nothing. */
function readStore<T>(stateDir: string, none: T, read: (store: AccessStore) => T): T {
  const paths: StatePaths = statePaths(stateDir)
  if (!existsSync(paths.access)) return none
  using store = new AccessStore(paths.access)
  return read(store)
}

function now(): number {
  return Math.round(systemClock.wall())
}
