import type { Clock, Timer } from '../../kernel/clock.ts'
import type { StreamRole } from '../frame.ts'
import { CameraStreamHub } from '../hub/index.ts'
import type { CameraSource, SourceStatus } from '../source/index.ts'
import type { WantedStream } from './protocol.ts'

/** Makes the source of a stream; it is not started yet. `resume`: it ran until just now, and need not wait for its wave. */
export type SourceMaker = (
  stream: StreamRole,
  wanted: WantedStream,
  hub: CameraStreamHub,
  resume: boolean,
) => CameraSource

/**
 * A camera stream that runs while somebody reads it: the first reader starts the source, the last one to leave lets it
 * linger. A recorder is a reader like any other, so a recorded stream simply never runs out of readers.
 */
export class OnDemandStream {
  readonly hub: CameraStreamHub
  readonly #role: StreamRole
  readonly #make: SourceMaker
  readonly #clock: Clock
  readonly #linger: () => number
  #wanted: WantedStream
  #resume: boolean
  #source: CameraSource | undefined
  #leaving: Timer | undefined
  #closed = false

  constructor(
    role: StreamRole,
    wanted: WantedStream,
    resume: boolean,
    make: SourceMaker,
    linger: () => number,
    clock: Clock,
  ) {
    this.#role = role
    this.#wanted = wanted
    this.#resume = resume
    this.#make = make
    this.#linger = linger
    this.#clock = clock
    this.hub = new CameraStreamHub(readers => this.#demand(readers))
  }

  /** Another URL or login: the source begins anew; readers stay where they are. */
  update(wanted: WantedStream): void {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return
    this.#wanted = wanted
    if (!this.#source) return
    this.#stopSource('configuration changed')
    this.#startSource()
  }

  status(): SourceStatus | undefined {
    return this.#source?.status()
  }

  /** Looks after the running source: stalls, keep-alive, reports. */
  tick(now: number): void {
    this.#source?.tick(now)
  }

  close(reason: string): void {
    this.#closed = true
    this.#leaving?.cancel()
    this.#stopSource(reason)
  }

  #demand(readers: number): void {
    if (this.#closed) return
    if (readers > 0) {
      this.#leaving?.cancel()
      this.#leaving = undefined
      if (!this.#source) this.#startSource()
    } else if (this.#source && !this.#leaving) {
      this.#leaving = this.#clock.after(this.#linger(), () => {
        this.#leaving = undefined
        this.#stopSource('nobody watches')
      })
    }
  }

  #startSource(): void {
    this.#source = this.#make(this.#role, this.#wanted, this.hub, this.#resume)
    this.#resume = false
    this.#source.start()
  }

  #stopSource(reason: string): void {
    this.#source?.stop(reason)
    this.#source = undefined
    this.hub.trouble = undefined
  }
}
