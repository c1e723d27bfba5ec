import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DaemonClient, startDaemon, stopDaemon } from '../../daemon/index.ts'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { findWorkers } from '../../supervision/index.ts'
import { freePort } from '../free-port.ts'
import { type BenchRelay, startRelay } from './bench-relay.ts'
import type { LiveEngineOptions } from './engine.ts'

/** Milliseconds within which all cameras must be recorded. */
const READY_LIMIT = 180_000

/** Where a site that is measured serves viewers: `host:port`. */
export interface BenchDoors {
  readonly gateway: string
  readonly viewing: string
  readonly rtsp: string
  readonly webrtc: string
  readonly hls: string
}

/** vmsctl with MediaMTX in front of its gateway, on virtual cameras that it records. */
export class BenchSite {
  readonly doors: BenchDoors
  readonly #stateDir: string
  readonly #clock: Clock
  readonly #daemon: number
  #relay: BenchRelay | undefined

  private constructor(doors: BenchDoors, stateDir: string, clock: Clock, daemon: number) {
    this.doors = doors
    this.#stateDir = stateDir
    this.#clock = clock
    this.#daemon = daemon
  }

  static async start(
    cameras: VirtualCamerasProcess['cameras'],
    { directory, linger }: LiveEngineOptions,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<BenchSite> {
    const stateDir = join(directory, 'state')
    const config = join(directory, 'vms.yaml')
    const ports: number[] = []
    while (ports.length < 8) ports.push(await freePort())
    const at = (index: number) => `127.0.0.1:${ports[index]}`
    const doors = { gateway: at(0), viewing: at(1), rtsp: at(2), webrtc: at(3), hls: at(4) }
    const site = {
      site: { name: 'bench', timezone: 'UTC' },
      storage: { path: join(directory, 'archive') },
      gateway: { listen: doors.gateway, linger: `${linger}ms` },
      viewing: { listen: doors.viewing },
      mediamtx: {
        run: 'never',
        ...{ rtsp: ports[2], webrtc: ports[3], hls: ports[4], webrtc_udp: ports[5], rtmp: 0 },
        ...{ api: at(6), auth: at(7) },
      },
      limits: { connects_per_second: 100, connects_per_host: 64 },
      cameras: cameras.map(({ id, main, sub }) => ({ id, main, sub })),
    }
    await mkdir(stateDir, { recursive: true })
    // JSON is YAML.
    await writeFile(config, JSON.stringify(site))
    await startDaemon({ config, stateDir, clock })
    const client = new DaemonClient(stateDir)
    const started = new BenchSite(doors, stateDir, clock, (await client.health()).pid)
    try {
      await started.#recording(client, cameras.length, signal)
      started.#relay = await startRelay(config, join(directory, 'mediamtx'), clock)
      return started
    } catch (error) {
      await started.stop()
      throw error
    }
  }

  /** Opens every camera at MediaMTX. */
  get token(): string {
    return this.#relay?.token ?? ''
  }

  /** Daemon, media workers, MediaMTX. */
  processes(): number[] {
    const workers = findWorkers(this.#stateDir).map(({ pid }) => pid)
    return [this.#daemon, ...workers, ...(this.#relay ? [this.#relay.pid] : [])]
  }

  async stop(): Promise<void> {
    await this.#relay?.stop()
    await stopDaemon({ stateDir: this.#stateDir, recorders: true, clock: this.#clock })
  }

  async #recording(client: DaemonClient, count: number, signal: AbortSignal): Promise<void> {
    const clock = this.#clock
    const end = clock.monotonic() + READY_LIMIT
    for (; clock.monotonic() < end && !signal.aborted; await sleep(clock, 300, signal))
      if ((await client.status()).summary.ok >= count) return
    throw signal.aborted
      ? new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
      : new VmsError('VMS_E_TIMEOUT', `not every virtual camera is recorded after ${READY_LIMIT / 1_000} s`)
  }
}
