import type { AccessRules } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { TokenGate, ViewerBook } from '../viewers/index.ts'
import type { CameraRunner } from './camera-runner.ts'
import { openStream } from './open-stream.ts'
import type { OpenedStream, StreamRef, ViewerSession } from './protocol.ts'
import type { HoldEnd } from './stream-demand.ts'
import { StreamHolds } from './stream-holds.ts'

/** What daemons ask of a worker about viewing: which streams are up, who watches, which tokens hold. */
export class LiveControl {
  readonly tokens: TokenGate
  /** Everybody who watches, by whatever protocol. */
  readonly viewers: ViewerBook
  readonly #cameras: ReadonlyMap<string, CameraRunner>
  readonly #clock: Clock
  readonly #holds = new StreamHolds()

  constructor(cameras: ReadonlyMap<string, CameraRunner>, clock: Clock) {
    this.#cameras = cameras
    this.#clock = clock
    this.tokens = new TokenGate(clock)
    this.viewers = new ViewerBook(this.tokens)
  }

  /** The streams that the daemon behind `connection` wants up, all of them. */
  hold(connection: object, streams: readonly StreamRef[]): void {
    this.#holds.set(connection, streams)
    this.#tellHolds('released')
  }

  /** A daemon is gone. */
  connectionEnded(connection: object): void {
    if (this.#holds.lose(connection)) this.#tellHolds('lost')
  }

  /** Cameras have come: a hold may have been there before. */
  camerasChanged(): void {
    this.#tellHolds('released')
  }

  /** Rejects with what is wrong with the camera. `signal` aborts when nobody waits for the answer any more. */
  async open({ camera, stream }: StreamRef, signal: AbortSignal): Promise<OpenedStream> {
    const runner = this.#cameras.get(camera)
    if (!runner) throw new Error('this worker does not have the camera')
    const wanted = stream === 'main' ? runner.main : runner.sub
    if (!wanted) throw new Error('no sub-stream configured')
    return openStream(wanted, this.#clock, signal)
  }

  sessions(): ViewerSession[] {
    return this.viewers.sessions()
  }

  /** False when there is no such session. */
  endSession(id: string, reason: string): boolean {
    return this.viewers.end(id, reason)
  }

  /** Takes the rules by which tokens hold from now on, and sends those away for whom they do not any more. */
  access(rules: AccessRules): void {
    this.tokens.apply(rules)
    this.viewers.sweep()
  }

  /** Sends those away whose token has run out. */
  tick(): void {
    this.viewers.sweep()
  }

  #tellHolds(end: HoldEnd): void {
    for (const [id, runner] of this.#cameras) runner.hold(stream => this.#holds.includes(id, stream), end)
  }
}
