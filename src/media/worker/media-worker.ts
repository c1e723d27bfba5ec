import { reachableHere } from '../../config/listen-address.ts'
import type { Clock, Timer } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { StreamRole } from '../frame.ts'
import { Gateway } from '../gateway/index.ts'
import type { HubDirectory, StreamHub } from '../hub/index.ts'
import { SlabPool } from '../memory/slab.ts'
import { DiskWriter, type Journal } from '../recorder/index.ts'
import { CameraSource, ReadBatching, ReadPacing, type SourceContext, StartGate } from '../source/index.ts'
import { ViewingServer } from '../viewing/index.ts'
import { CameraRunner, type RunnerContext } from './camera-runner.ts'
import type { Controllable } from './control-server.ts'
import { LiveControl } from './live-control.ts'
import {
  PROTOCOL_VERSION,
  type WorkerHello,
  type WorkerRequest,
  type WorkerSettings,
  type WorkerStatus,
} from './protocol.ts'

/** Milliseconds between two looks after every camera: stalls, keep-alives, reports. */
const TICK = 250
/** The buffer that all connections read into: a burst of a large key frame fits into one read. */
const READ_BUFFER = 256 * 1024

export interface MediaWorkerOptions {
  readonly slot: number
  readonly version: string
  readonly pid: number
  readonly journal: Journal
  /** Path of the socket at which other workers hand over readers. */
  readonly gatewaySocket: string
  /** Paths of the sockets at which other workers pass HTTP requests on, and at which the daemon answers viewers. */
  readonly httpSocket: string
  readonly viewingApi: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  /** Everything is closed: the process may end. */
  readonly onStopped: () => void
}

/** A media worker: the cameras of one slot, their recordings, and the gateway to them. */
export class MediaWorker implements Controllable, HubDirectory {
  readonly live: LiveControl
  readonly #options: MediaWorkerOptions
  readonly #startedAt: number
  readonly #cameras = new Map<string, CameraRunner>()
  readonly #pool = new SlabPool()
  readonly #sources: SourceContext
  readonly #ticker: Timer
  #settings: WorkerSettings | undefined
  #disk: DiskWriter | undefined
  #gateway: Gateway | undefined
  #viewing: ViewingServer | undefined
  #closing: Promise<void>[] = []
  #stopped: Promise<void> | undefined

  constructor(options: MediaWorkerOptions) {
    const { clock, random, log, version } = options
    this.#options = options
    this.#startedAt = clock.wall()
    this.live = new LiveControl(this.#cameras, clock)
    this.#sources = {
      pool: this.#pool,
      gate: new StartGate(clock, { connectsPerSecond: 10, connectsPerHost: 4 }),
      shared: {
        buffer: Buffer.allocUnsafeSlow(READ_BUFFER),
        batching: new ReadBatching(),
        pacing: new ReadPacing(clock),
        clock,
      },
      userAgent: `vmsctl/${version}`,
      clock,
      random,
      log,
    }
    this.#ticker = clock.every(TICK, () => this.#tick())
  }

  hello(): WorkerHello {
    const { version, pid, slot } = this.#options
    return { protocol: PROTOCOL_VERSION, version, pid, slot, startedAt: this.#startedAt }
  }

  find(camera: string, stream: StreamRole): StreamHub | undefined {
    const runner = this.#cameras.get(camera)
    return stream === 'main' ? runner?.main.hub : runner?.sub?.hub
  }

  async apply({ settings, cameras, peers }: Extract<WorkerRequest, { type: 'apply' }>): Promise<void> {
    if (this.#stopped) throw new Error('this worker is stopping')
    const before = this.#settings
    this.#settings = settings
    this.#sources.gate.apply(settings.limits)
    if (this.#gateway) await this.#gateway.apply(settings.gateway, peers)
    else this.#gateway = this.#startGateway(settings, peers)
    this.#viewing ??= this.#startViewing()
    await this.#viewing.apply(settings.viewing, peers)
    const storageChanged = before !== undefined && JSON.stringify(before.storage) !== JSON.stringify(settings.storage)
    if (!this.#disk || storageChanged) this.#disk = this.#makeDisk(settings)
    const wanted = new Map(cameras.map(camera => [camera.id, camera]))
    for (const [id, runner] of this.#cameras) {
      if (wanted.has(id)) continue
      this.#cameras.delete(id)
      this.#closing.push(runner.close('no longer configured'))
    }
    for (const [id, camera] of wanted) {
      const runner = this.#cameras.get(id)
      if (runner) runner.apply(camera)
      else this.#cameras.set(id, new CameraRunner(camera, this.#runnerContext()))
    }
    this.live.camerasChanged()
    if (storageChanged) for (const runner of this.#cameras.values()) runner.renewRecording()
  }

  status(): WorkerStatus {
    const { slot, pid } = this.#options
    return {
      slot,
      pid,
      cameras: [...this.#cameras.values()].map(runner => runner.status()),
      gateway: this.#gateway?.status() ?? { listening: undefined, trouble: 'not configured yet', readers: 0 },
      ...(this.#viewing ? { viewing: this.#viewing.status() } : {}),
      memory: { used: this.#pool.used, waiting: this.#disk?.waiting ?? 0 },
    }
  }

  acknowledge(position: number): void {
    this.#options.journal.acknowledge(position)
  }

  /** Closes every segment and session in order. Resolves when all is on disk. */
  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown()
    return this.#stopped
  }

  async #shutDown(): Promise<void> {
    const { log, journal, onStopped } = this.#options
    log.info({ cameras: this.#cameras.size }, 'worker stops')
    this.#ticker.cancel()
    this.#sources.gate.close()
    await Promise.all([...this.#cameras.values()].map(runner => runner.close('worker stopped')))
    await Promise.all(this.#closing)
    await Promise.all([this.#gateway?.stop(), this.#viewing?.stop()])
    await journal.close()
    onStopped()
  }

  #tick(): void {
    const now = this.#options.clock.monotonic()
    for (const runner of this.#cameras.values()) runner.tick(now)
    this.live.tick()
  }

  #makeDisk(settings: WorkerSettings): DiskWriter {
    const { clock, log } = this.#options
    return new DiskWriter({
      site: settings.site,
      settings: settings.storage,
      pool: this.#pool,
      clock,
      log,
      writes: 10,
      syncs: 4,
      hurry: work => this.#sources.shared.batching.hurry(work),
    })
  }

  #startGateway(settings: WorkerSettings, peers: Extract<WorkerRequest, { type: 'apply' }>['peers']): Gateway {
    const { clock, log, random, gatewaySocket } = this.#options
    const gateway = new Gateway({
      directory: this,
      settings: settings.gateway,
      clock,
      log,
      random,
      socketPath: gatewaySocket,
      peers,
      tokens: this.live.tokens,
      viewers: this.live.viewers,
    })
    // Viewing never keeps recording from its start.
    gateway.start().catch(error => log.error({ error: messageOf(error) }, 'gateway does not serve'))
    return gateway
  }

  #startViewing(): ViewingServer {
    const { clock, log, httpSocket, viewingApi } = this.#options
    const viewing = new ViewingServer({
      directory: this,
      socketPath: httpSocket,
      apiPath: viewingApi,
      tokens: this.live.tokens,
      viewers: this.live.viewers,
      clock,
      log,
    })
    void viewing.start()
    return viewing
  }

  /** One object for each camera, but everything in it is looked up when it is used: settings change. */
  #runnerContext(): RunnerContext {
    const { clock, random, log, journal } = this.#options
    const worker = this
    return {
      makeSource: camera => (stream, wanted, hub, resume) =>
        new CameraSource({ camera, stream, wanted, hub, resume }, this.#sources),
      recording: {
        get disk() {
          return worker.#disk!
        },
        journal,
        gatewayUrl: camera => this.#gatewayUrl(camera),
        clock,
        random,
        log,
      },
      linger: () => this.#settings?.gateway.linger ?? 30_000,
      totals: (camera, stream) => this.#gateway?.totals(camera, stream) ?? { bytes: 0, dropped: 0 },
      clock,
    }
  }

  /** Where ffmpeg reads a camera's main stream. It is one of ours, and needs no login from here. */
  #gatewayUrl(camera: string): string | undefined {
    const listening = this.#gateway?.status().listening
    if (listening === undefined) return undefined
    return `rtsp://${reachableHere(listening)}/${encodeURIComponent(camera)}/main?for=ffmpeg`
  }
}
