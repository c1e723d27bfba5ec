import type { Clock } from '../../kernel/clock.ts'
import type { StreamRole } from '../frame.ts'
import { CameraStreamHub } from '../hub/index.ts'
import type { CameraSource, SourceStatus } from '../source/index.ts'
import type { WantedStream } from './protocol.ts'
import { type HoldEnd, StreamDemand } from './stream-demand.ts'

/** Makes the source of a stream; it is not started yet. `resume`: it ran until just now, and need not wait for its wave. */
export type SourceMaker = (
  stream: StreamRole,
  wanted: WantedStream,
  hub: CameraStreamHub,
  resume: boolean,
) => CameraSource

export interface OnDemandStreamOptions {
  readonly role: StreamRole
  readonly wanted: WantedStream
  readonly resume: boolean
  readonly make: SourceMaker
  /** Milliseconds that it outlives its last reader. */
  readonly linger: () => number
  readonly clock: Clock
}

/**
 * A camera stream that runs while {@link StreamDemand} says so: the first who needs it starts the source. A recorder is a
 * reader like any other, so a recorded stream simply never runs out of readers.
 */
export class OnDemandStream {
  readonly hub: CameraStreamHub
  readonly #options: OnDemandStreamOptions
  readonly #demand: StreamDemand
  #wanted: WantedStream
  #resume: boolean
  #source: CameraSource | undefined
  #ending = 'nobody watches'

  constructor(options: OnDemandStreamOptions) {
    const { wanted, resume, linger, clock } = options
    this.#options = options
    this.#wanted = wanted
    this.#resume = resume
    this.#demand = new StreamDemand({
      clock,
      linger,
      start: () => this.#startSource(),
      stop: () => this.#stopSource(this.#ending),
    })
    this.hub = new CameraStreamHub(readers => this.#demand.readers(readers))
  }

  /** Another URL or login: the source begins anew; readers stay where they are. */
  update(wanted: WantedStream): void {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return
    this.#wanted = wanted
    if (!this.#source) return
    this.#stopSource('configuration changed')
    this.#startSource()
  }

  /** Whether the daemon wants it up whoever reads; when not, `end` says how that came. */
  setHeld(held: boolean, end: HoldEnd): void {
    if (held) this.#demand.hold()
    else this.#demand.letGo(end)
  }

  status(): SourceStatus | undefined {
    return this.#source?.status()
  }

  /** Looks after the running source: stalls, keep-alive, reports. */
  tick(now: number): void {
    this.#source?.tick(now)
  }

  close(reason: string): void {
    this.#ending = reason
    this.#demand.close()
  }

  #startSource(): void {
    const { role, make } = this.#options
    this.#source = make(role, this.#wanted, this.hub, this.#resume)
    this.#resume = false
    this.#source.start()
  }

  #stopSource(reason: string): void {
    this.#source?.stop(reason)
    this.#source = undefined
    this.hub.trouble = undefined
  }
}
