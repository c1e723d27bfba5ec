import type { ViewingHistory } from '../registry/viewing-history.ts'
import { ANONYMOUS } from '../types.ts'
import type { Lease } from './lease.ts'
import { type SessionChanges, sessionKey, type Watching } from './watching.ts'

/** Looks between two times that the bytes of who watches are written down. */
const WRITE_EACH = 10
/** Rows that are deleted at once, so that nothing else waits for it. */
const PRUNED_AT_ONCE = 2_000

interface Entry {
  readonly turn: number
  bytes: number
}

/** Writes the history of viewing, look by look. */
export class ViewingLog {
  readonly #history: ViewingHistory
  readonly #entries = new Map<string, Entry>()
  /** Of viewings that somebody ended: how. */
  readonly #ended = new Map<string, string>()
  /** What an earlier daemon left open, by session. */
  readonly #left: Map<string, { readonly turn: number; readonly bytes: number }>
  #looks = 0

  constructor(history: ViewingHistory) {
    this.#history = history
    this.#left = new Map(history.open().map(({ session, turn, bytes }) => [session, { turn, bytes }]))
  }

  /** Somebody ends a session: the history is to say so. */
  note(key: string, how: string): void {
    this.#ended.set(key, how)
  }

  /** Enters who came and who went. `leaseOf` gives what a session came with. */
  enter({ all, came, went }: SessionChanges, leaseOf: (watching: Watching) => Lease | undefined): void {
    const write = ++this.#looks % WRITE_EACH === 0
    if (came.length === 0 && went.length === 0 && (!write || all.size === 0)) return
    this.#history.together(() => {
      for (const { watching, left } of went) this.#end(watching, left, leaseOf(watching))
      for (const watching of came) this.#begin(watching, leaseOf(watching))
      if (write) for (const [key, { session }] of all) this.#progress(key, session.bytes)
    })
  }

  /** Ends what an earlier daemon left open and nobody watches any more; it went on at `last` (wall-clock milliseconds). */
  endForgotten(last: number): void {
    if (this.#left.size === 0) return
    this.#history.together(() => {
      for (const { turn, bytes } of this.#left.values())
        this.#history.end(turn, last, bytes, 'ended while no daemon ran')
    })
    this.#left.clear()
  }

  /** Deletes some of what ended before `before` (wall-clock milliseconds). */
  prune(before: number): void {
    this.#history.prune(before, PRUNED_AT_ONCE)
  }

  #begin(watching: Watching, lease: Lease | undefined): void {
    const { session } = watching
    const key = sessionKey(watching)
    const known = this.#left.get(key)
    this.#left.delete(key)
    const { camera, stream, protocol, address, bytes } = session
    const user = session.user ?? lease?.user ?? ANONYMOUS
    const client = lease?.client ?? session.client
    const started = session.connectedAt
    const turn =
      known?.turn ??
      this.#history.begin({ session: key, camera, stream, user, protocol, client, address, started, bytes })
    this.#entries.set(key, { turn, bytes })
  }

  #progress(key: string, bytes: number): void {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.bytes === bytes) return
    entry.bytes = bytes
    this.#history.progress(entry.turn, bytes)
  }

  #end(watching: Watching, left: number, lease: Lease | undefined): void {
    const key = sessionKey(watching)
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    const expired = lease?.expires != null && lease.expires <= left + 1_000
    const said = this.#ended.get(key) ?? watching.source.howEnded?.(watching.session.id)
    const how = said ?? (expired ? 'its token ran out' : 'left')
    this.#ended.delete(key)
    this.#history.end(entry.turn, left, watching.session.bytes, how)
  }
}
