import { isSince, type RelayVersion } from '../version.ts'
import { FORMER_KEYS } from './former-keys.ts'
import { GLOBAL_KEYS } from './global-keys.ts'
import { PATH_KEYS } from './path-keys.ts'

/** Where a key stands: at the top level, or in a path and in pathDefaults. */
export type Scope = 'global' | 'path'

/** What a change of a global key stops and starts again. `all`: every stream and viewer; `process`: only a restart takes it up. */
export type Part = 'all' | 'rtsp' | 'rtmp' | 'hls' | 'webrtc' | 'srt' | 'moq' | 'api' | 'playback' | 'pprof' | 'process'

/**
 * How an old key becomes the new one. `inverse`: not the same truth but its opposite; `list`: a list of the one value; `port`: `:8554` for
 * 8554; `global`: the same key for the whole server; `none`: by hand.
 */
export type Mend =
  | 'same'
  | 'inverse'
  | 'list'
  | 'port'
  | 'global'
  | 'pathDefaults'
  | 'http'
  | 'iceServers'
  | 'users'
  | 'none'

export interface KeyFacts {
  /** Of value-types.ts; `[]` behind it is a list. */
  readonly type: string
  /** What holds where the key is missing, as JSON; missing where that is not known. */
  readonly default?: unknown
  readonly since?: RelayVersion
  /** From this version on it works, and is said to be replaced. */
  readonly deprecated?: RelayVersion
  /** What replaces it; nothing where it has no effect any more. */
  readonly by?: string
  /** How its value becomes that of `by`; `same` by default. */
  readonly how?: Mend
  readonly closes?: readonly Part[]
  readonly live?: true
}

export type KeyTable = Readonly<Record<string, KeyFacts>>

/** A key that is refused today. */
export interface FormerKey {
  readonly scope: Scope
  readonly key: string
  /** Last version that took it; missing where none ever did. */
  readonly last?: RelayVersion
  readonly by: string
  readonly how: Mend
}

/** The keys of one version of MediaMTX. */
export interface Dialect {
  readonly version: RelayVersion
  readonly keys: Readonly<Record<Scope, ReadonlyMap<string, KeyFacts>>>
}

/** The keys that `version` has; those deprecated later are plain keys there. */
export function dialectOf(version: RelayVersion): Dialect {
  return { version, keys: { global: keysOf(GLOBAL_KEYS, version), path: keysOf(PATH_KEYS, version) } }
}

function keysOf(table: KeyTable, version: RelayVersion): ReadonlyMap<string, KeyFacts> {
  const had = Object.entries(table).filter(([, { since }]) => isSince(version, since))
  return new Map(
    had.map(([key, { deprecated, by, how, ...facts }]) => {
      const isNow = deprecated !== undefined && isSince(version, deprecated)
      const replaced = isNow
        ? { deprecated, ...(by === undefined ? {} : { by }), ...(how === undefined ? {} : { how }) }
        : {}
      return [key, { ...facts, ...replaced }]
    }),
  )
}

export function formerKey(scope: Scope, key: string): FormerKey | undefined {
  return FORMER_KEYS.find(former => former.scope === scope && former.key === key)
}

/** The version that brought a key which `version` lacks; undefined where it is known to none. */
export function broughtBy(scope: Scope, key: string): RelayVersion | undefined {
  const table = scope === 'global' ? GLOBAL_KEYS : PATH_KEYS
  return Object.hasOwn(table, key) ? table[key]!.since : undefined
}
