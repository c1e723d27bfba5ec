import type { Clock, Timer } from '../kernel/clock.ts'
import { silentLogger } from '../kernel/log.ts'
import type { Frame } from '../media/frame.ts'
import { CameraStreamHub } from '../media/hub/index.ts'
import { SlabPool } from '../media/memory/slab.ts'
import { CameraSource, ReadBatching, ReadPacing, type SourceContext, StartGate } from '../media/source/index.ts'

const TICK = 250
const READ_BUFFER = 256 * 1024

/** What the readers of a process share. `prompt`: each reads at once; else reads are gathered for 5 ms, as a load of many wants it. */
export function readerContext(clock: Clock, random: () => number, prompt: boolean): SourceContext {
  const batching = new ReadBatching()
  // Gathering reads is for hundreds of sockets, and would be measured here.
  if (prompt) void batching.hurry(() => new Promise(() => {}))
  return {
    pool: new SlabPool(),
    gate: new StartGate(clock, { connectsPerSecond: 1_000, connectsPerHost: 1_000 }),
    shared: { buffer: Buffer.allocUnsafeSlow(READ_BUFFER), batching, pacing: new ReadPacing(clock), clock },
    userAgent: 'vmsctl bench viewer',
    clock,
    random,
    log: silentLogger,
  }
}

/** An RTSP client that gives each video frame to `onFrame`, good during the call only. The first of a session is a key frame. */
export class StreamReader {
  readonly #source: CameraSource
  readonly #ticker: Timer

  constructor(url: string, context: SourceContext, onFrame: (frame: Frame) => void) {
    const hub = new CameraStreamHub()
    let video = 0
    hub.subscribe({
      session: session => {
        video = session.video
      },
      frame: frame => {
        if (frame.track === video) onFrame(frame)
      },
      ended: () => {},
    })
    this.#source = new CameraSource(
      {
        camera: 'viewer',
        stream: 'main',
        wanted: { url, username: undefined, password: undefined, verifyTls: true },
        hub,
        resume: true,
      },
      context,
    )
    this.#ticker = context.clock.every(TICK, () => this.#source.tick(context.clock.monotonic()))
    this.#source.start()
  }

  /** Connections after the first. */
  get reconnects(): number {
    return this.#source.status().reconnects
  }

  /** Why it does not play, as the source says it; null while it does. */
  get trouble(): string | null {
    return this.#source.status().reason
  }

  leave(): void {
    this.#ticker.cancel()
    this.#source.stop('the viewer leaves')
  }
}
