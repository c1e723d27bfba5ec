import type { StreamKey } from '../types.ts'
import type { SessionSource, ViewerSession } from './session-source.ts'

/** A session that is served, with what follows from looking at it more than once. */
export interface Watching {
  readonly session: ViewerSession
  readonly source: SessionSource
  /** Bit/s since the look before. */
  readonly bitrate: number
  /** Monotonic milliseconds of the look. */
  readonly at: number
}

export interface Listed {
  readonly session: ViewerSession
  readonly source: SessionSource
}

/** What differs between two looks at who watches. */
export interface SessionChanges {
  readonly all: ReadonlyMap<string, Watching>
  readonly came: readonly Watching[]
  /** With when each was there last, wall-clock milliseconds. */
  readonly went: readonly { readonly watching: Watching; readonly left: number }[]
}

/** Somebody whose last request is longer ago than this left then, and not when its session was closed; milliseconds. */
const SILENT = 2_500

/** Names a session among those of all sources. */
export function sessionKey({ session, source }: Listed): string {
  return `${source.name}:${session.id}`
}

/** Who came and who went since `before`. `now` is monotonic, `wall` is the wall clock. Pure. */
export function compareSessions(
  before: ReadonlyMap<string, Watching>,
  listed: readonly Listed[],
  { now, wall }: { readonly now: number; readonly wall: number },
): SessionChanges {
  const all = new Map<string, Watching>()
  const came: Watching[] = []
  for (const { session, source } of listed) {
    const key = sessionKey({ session, source })
    const known = before.get(key)
    const same = known !== undefined && sameStream(known.session, session)
    const watching = { session, source, at: now, bitrate: same ? rate(known, session, now) : 0 }
    all.set(key, watching)
    if (!same) came.push(watching)
  }
  const went = [...before]
    .filter(([key, { session }]) => !sameStream(all.get(key)?.session, session))
    .map(([, watching]) => ({ watching, left: leftAt(watching, now, wall) }))
  return { all, came, went }
}

function sameStream(a: StreamKey | undefined, b: StreamKey): boolean {
  return a?.camera === b.camera && a.stream === b.stream
}

function rate(before: Watching, { bytes }: ViewerSession, now: number): number {
  const seconds = (now - before.at) / 1_000
  return seconds <= 0 ? before.bitrate : Math.max(0, Math.round(((bytes - before.session.bytes) * 8) / seconds))
}

function leftAt({ session, at }: Watching, now: number, wall: number): number {
  const looked = wall - (now - at)
  return looked - session.lastSeen > SILENT ? session.lastSeen : wall
}
