import { type Clock, sleep } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { redactText } from '../../kernel/redact.ts'
import { openRedis, type RedisAddress, type RedisLink } from './redis-link.ts'

/** A hash for each camera that is up: what the owner's programs read. */
const keyOf = (camera: string) => `stream_process:${camera}`

/** Fields of the hash; all of them texts. */
export interface StreamProcess {
  /** Process id of the media worker. */
  readonly pid: string
  /** RFC 3339, UTC. */
  readonly started_at: string
  readonly stream: string
  readonly viewers: string
  readonly url: string
}

/** A hash that nobody renews is gone then, so that a dead daemon leaves nothing behind; seconds. */
const LIFE = 90
/** Milliseconds that the end waits for what is being told. */
const FAREWELL = 1_000
/** Milliseconds between two renewals. */
const RENEWAL = 30_000

export interface MirrorOptions {
  readonly address: RedisAddress
  readonly clock: Clock
  readonly log: Logger
  /** Cameras of this site: of no others a hash is ever taken away. */
  readonly cameras: () => readonly string[]
}

/**
 * Keeps Redis told of the streams that run, for other programs. It is only ever told: nothing here waits for it, and what it
 * missed while it was away it is told when it comes back.
 */
export class RedisMirror {
  readonly #options: MirrorOptions
  readonly #link: RedisLink
  #wanted: ReadonlyMap<string, StreamProcess> = new Map()
  /** What Redis has of us, by camera; undefined when that is not known. */
  #written: Map<string, string> | undefined
  #renewed = Number.NEGATIVE_INFINITY
  #writing: Promise<void> | undefined
  #again = false
  #down = false
  #ended = false

  constructor(options: MirrorOptions) {
    this.#options = options
    this.#link = openRedis(options.address, {
      ready: () => {
        this.#written = undefined
        this.#write()
      },
      failed: error => this.#lost(error),
    })
  }

  /** What runs now: all of it. */
  publish(streams: ReadonlyMap<string, StreamProcess>): void {
    this.#wanted = streams
    this.#write()
  }

  /** Leaves what is told, for the streams go on; it runs out if no other daemon comes. */
  async end(): Promise<void> {
    const over = new AbortController()
    const told = Promise.resolve(this.#writing).finally(() => over.abort())
    await Promise.race([told, sleep(this.#options.clock, FAREWELL, over.signal)])
    this.#ended = true
    this.#link.close()
  }

  #write(): void {
    this.#again = true
    if (!this.#link.ready) return
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
    })
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#again && this.#link.ready) {
        this.#again = false
        await this.#writeOnce()
      }
    } catch (error) {
      this.#written = undefined
      this.#lost(error)
    }
  }

  async #writeOnce(): Promise<void> {
    const wanted = this.#wanted
    const now = this.#options.clock.monotonic()
    const renew = this.#written === undefined || now - this.#renewed >= RENEWAL
    const written = this.#written ?? new Map(this.#options.cameras().map(camera => [camera, '']))
    const gone = [...written.keys()].filter(camera => !wanted.has(camera))
    const changed = [...wanted].filter(([camera, fields]) => renew || written.get(camera) !== JSON.stringify(fields))
    if (gone.length > 0) await this.#link.remove(gone.map(keyOf))
    for (const [camera, fields] of changed) await this.#link.put(keyOf(camera), { ...fields }, LIFE)
    this.#written = new Map([...wanted].map(([camera, fields]) => [camera, JSON.stringify(fields)]))
    if (renew) this.#renewed = now
    if (!this.#down) return
    this.#down = false
    this.#options.log.info({}, 'Redis knows the streams again')
  }

  #lost(error: unknown): void {
    if (this.#down || this.#ended) return
    this.#down = true
    const reason = redactText(messageOf(error)) || 'the connection ended'
    this.#options.log.warn(
      { reason },
      'Redis cannot be told of the streams; they go on, and it is told when it is back',
    )
  }
}
