import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { OpenedStream } from '../../media/worker/protocol.ts'
import type { MediaPlane } from '../../supervision/index.ts'
import type { StreamKey } from '../types.ts'
import { reduce } from './reduce.ts'
import { foundAgain, IDLE, isHeld, type StreamEvent, type StreamState, type StreamTimes } from './state.ts'

export interface LiveStreamsOptions {
  readonly plane: Pick<MediaPlane, 'hold' | 'open'>
  readonly clock: Clock
  readonly log: Logger
  readonly times: (camera: string) => StreamTimes
  /** What is up, or why it is not, is another than before. */
  readonly changed: () => void
}

/** A stream that is, or was a moment ago. */
export interface LiveStream extends StreamKey {
  state: StreamState
  /** What came when it was opened last. */
  opened: OpenedStream | undefined
  waiting: (() => void)[]
  opening: AbortController | undefined
  /** Why it could not be had, as it was told last. */
  told: string | undefined
}

/** Why a stream that was asked for does not play. */
export interface NotReady {
  readonly reason: string
  /** It was given up, and not refused. */
  readonly late: boolean
}

/** The streams of a node as the daemon wants them: feeds what happens to the reducer, and does what comes of it. */
export class LiveStreams {
  readonly #options: LiveStreamsOptions
  readonly #streams = new Map<string, LiveStream>()
  /** Of an earlier daemon, and over by all that we know; somebody may be there all the same. */
  readonly #found = new Map<string, StreamState>()

  constructor(options: LiveStreamsOptions) {
    this.#options = options
  }

  /** Every stream that is not idle. */
  all(): Iterable<LiveStream> {
    return this.#streams.values()
  }

  get({ camera, stream }: StreamKey): LiveStream | undefined {
    return this.#streams.get(`${camera}/${stream}`)
  }

  /** A stream that an earlier daemon had up since `since`, and that was wanted last at `lastWanted`; monotonic milliseconds. */
  adopt(key: StreamKey, lastWanted: number, since: number): void {
    const state = foundAgain(lastWanted, since)
    if (this.#options.clock.monotonic() < lastWanted + this.#options.times(key.camera).linger) this.#add(key, state)
    else this.#found.set(`${key.camera}/${key.stream}`, state)
  }

  /** All adopted ones are there that will be. */
  forgetFound(): void {
    this.#found.clear()
  }

  /** Tells the media plane what it is to have up, as after {@link adopt}. */
  hold(): void {
    const held = [...this.#streams.values()].filter(({ state }) => isHeld(state))
    this.#options.plane.hold(held.map(({ camera, stream }) => ({ camera, stream })))
  }

  feed(key: StreamKey, event: StreamEvent): void {
    const live = this.get(key) ?? (event.type === 'wanted' ? this.#begin(key) : undefined)
    if (!live) return
    const { clock, log, times } = this.#options
    const before = live.state
    const { state, steps } = reduce(before, event, clock.monotonic(), times(key.camera))
    live.state = state
    if (state.phase.name === 'idle') this.#streams.delete(`${key.camera}/${key.stream}`)
    for (const step of steps) {
      if (step.type === 'open') void this.#open(live, step.turn)
      else {
        if (step.type === 'release') live.opening?.abort()
        this.hold()
      }
    }
    if (state.phase.name === before.phase.name) return
    tell(log, live, before)
    for (const wake of live.waiting.splice(0)) wake()
    this.#options.changed()
  }

  tick(): void {
    for (const live of [...this.#streams.values()]) this.feed(live, { type: 'tick' })
  }

  /** Waits until a stream that is wanted plays, or why it does not; until `deadline` at most (monotonic milliseconds). */
  async ready(key: StreamKey, deadline: number): Promise<NotReady | undefined> {
    const { clock } = this.#options
    for (;;) {
      const live = this.get(key)
      const phase = live?.state.phase
      if (phase?.name === 'running' || phase?.name === 'lingering') return undefined
      if (phase?.name === 'failed') return { reason: phase.reason, late: false }
      const left = deadline - clock.monotonic()
      if (!live || phase?.name !== 'starting') return { reason: 'it was stopped before it played', late: false }
      if (left <= 0) return { reason: 'it does not start', late: true }
      await new Promise<void>(resolve => {
        const timer = clock.after(left, resolve)
        live.waiting.push(() => {
          timer.cancel()
          resolve()
        })
      })
    }
  }

  /** Waits for nothing any more; what is up stays with the workers. */
  end(): void {
    for (const live of this.#streams.values()) {
      live.opening?.abort()
      for (const wake of live.waiting.splice(0)) wake()
    }
  }

  async #open(live: LiveStream, turn: number): Promise<void> {
    live.opening?.abort()
    const opening = new AbortController()
    live.opening = opening
    try {
      const opened = await this.#options.plane.open(live.camera, live.stream, opening.signal)
      if (live.opening === opening) live.opened = opened
      this.feed(live, { type: 'up', turn })
    } catch (error) {
      if (!opening.signal.aborted) this.feed(live, { type: 'failed', turn, reason: messageOf(error) })
    }
  }

  /** A stream that is wanted for the first time; or again, where somebody is still there since an earlier daemon. */
  #begin(key: StreamKey): LiveStream {
    const name = `${key.camera}/${key.stream}`
    const found = this.#found.get(name)
    if (!found) return this.#add(key, IDLE)
    this.#found.delete(name)
    const live = this.#add(key, found)
    this.hold()
    return live
  }

  #add({ camera, stream }: StreamKey, state: StreamState): LiveStream {
    const live: LiveStream = {
      camera,
      stream,
      state,
      opened: undefined,
      waiting: [],
      opening: undefined,
      told: undefined,
    }
    this.#streams.set(`${camera}/${stream}`, live)
    return live
  }
}

/** A camera that stays down is told of once, and not at every try. */
function tell(log: Logger, live: LiveStream, before: StreamState): void {
  const { camera, stream, state } = live
  const { phase } = state
  if (phase.name === 'failed') {
    const known = phase.reason === live.told
    live.told = phase.reason
    log[known ? 'debug' : 'warn']({ camera, stream, reason: phase.reason }, 'stream cannot be had')
    return
  }
  const again = phase.name === 'starting' && before.phase.name === 'failed'
  if (phase.name === 'running') live.told = undefined
  log[again ? 'debug' : 'info']({ camera, stream }, `stream is ${phase.name}`)
}
