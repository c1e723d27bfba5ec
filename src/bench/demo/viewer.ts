import type { Clock, Timer } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/log.ts'
import { CameraStreamHub, type FrameReader } from '../../media/hub/index.ts'
import { SlabPool } from '../../media/memory/slab.ts'
import { CameraSource, ReadBatching, ReadPacing, StartGate } from '../../media/source/index.ts'

const TICK = 250
const READ_BUFFER = 256 * 1024

/** Somebody who watches a camera through the gateway: an RTSP client of its own, which counts what it gets. */
export class GatewayViewer {
  readonly url: string
  /** Milliseconds from the beginning to the first key frame; undefined until it is there. */
  joined: number | undefined
  frames = 0
  /** Milliseconds of the longest wait between two frames. */
  longestPause = 0
  readonly #source: CameraSource
  readonly #ticker: Timer

  constructor(url: string, clock: Clock, random: () => number) {
    this.url = url
    const hub = new CameraStreamHub()
    const begun = clock.monotonic()
    let last: number | undefined
    let video = 0
    const reader: FrameReader = {
      session: session => {
        video = session.video
      },
      frame: ({ track }) => {
        if (track !== video) return
        const now = clock.monotonic()
        this.frames++
        // A session begins with a key frame: the first frame is one.
        this.joined ??= now - begun
        if (last !== undefined) this.longestPause = Math.max(this.longestPause, now - last)
        last = now
      },
      ended: () => {},
    }
    hub.subscribe(reader)
    const batching = new ReadBatching()
    // Gathering reads is for hundreds of sockets, and would be measured here.
    void batching.hurry(() => new Promise(() => {}))
    this.#source = new CameraSource(
      {
        camera: 'viewer',
        stream: 'main',
        wanted: { url, username: undefined, password: undefined, verifyTls: true },
        hub,
        resume: true,
      },
      {
        pool: new SlabPool(),
        gate: new StartGate(clock, { connectsPerSecond: 100, connectsPerHost: 100 }),
        shared: { buffer: Buffer.allocUnsafeSlow(READ_BUFFER), batching, pacing: new ReadPacing(clock), clock },
        userAgent: 'vmsctl demo viewer',
        clock,
        random,
        log: silentLogger,
      },
    )
    this.#ticker = clock.every(TICK, () => this.#source.tick(clock.monotonic()))
    this.#source.start()
  }

  get reconnects(): number {
    return this.#source.status().reconnects
  }

  leave(): void {
    this.#ticker.cancel()
    this.#source.stop('the demo is over')
  }
}
