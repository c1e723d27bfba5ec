import { mkdtempSync, rmSync } from 'node:fs'
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DaemonClient, type HealthReport, type SiteStatus, startDaemon, stopDaemon } from '../../daemon/index.ts'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { freePort } from '../free-port.ts'
import { kill, killAll, processesOf } from '../own-processes.ts'
import { type Keeper, startKeeper } from '../start-keeper.ts'
import { cameraFiles } from './camera-files.ts'

/** Seconds of a segment: short, so that the demo also proves the cuts between them. */
const SEGMENT = 10
/** Bytes of a path that a Unix socket can be below; a longer temporary directory is of no use. */
const TEMPORARY_LIMIT = 70
/** Workers: two, so that a site sees one die without the other. */
const WORKERS = 2

/** What is filmed: a camera's id, and its URL with whatever login it needs. */
export interface DemoSource {
  readonly id: string
  readonly url: string
}

/**
 * Everything the demo runs on: the virtual cameras' process, the daemon on a state directory of its own, the directory of the
 * recordings. `close` leaves no process and no file but the recordings; should this process end without it, what can be
 * done in that moment is done, and the rest by its keeper.
 */
export class DemoStage {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Private to this run; holds the configuration and with it the cameras' passwords. */
  readonly stateDir: string
  /** Absolute. */
  readonly archive: string
  readonly client: DaemonClient
  simulator: VirtualCamerasProcess | undefined
  sources: readonly DemoSource[] = []
  gatewayPort = 0
  #madeArchive = false
  #madeWithin = false
  readonly #keeper: Keeper
  readonly #onExit = () => this.#abandon()

  constructor(directory: string, clock: Clock, signal: AbortSignal) {
    this.clock = clock
    this.signal = signal
    this.archive = resolve(directory)
    // Mode 0700.
    this.stateDir = mkdtempSync(join(tmpdir().length > TEMPORARY_LIMIT ? '/tmp' : tmpdir(), 'vmsctl-demo-'))
    this.client = new DaemonClient(this.stateDir)
    this.#keeper = startKeeper(this.stateDir)
    process.on('exit', this.#onExit)
  }

  /** Makes the directory of the recordings. Throws VMS_E_FILE_EXISTS when something is in it. */
  async prepareArchive(): Promise<void> {
    const there = await readdir(this.archive).catch(() => undefined)
    if (there && there.length > 0)
      throw new VmsError('VMS_E_FILE_EXISTS', `${this.archive} is not empty`, {
        hint: 'Name another directory with --dir: older recordings would confuse the proof.',
      })
    this.#madeArchive = there === undefined
    await mkdir(this.archive, { recursive: true }).catch(cause => {
      throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `${this.archive} cannot be made: ${messageOf(cause)}`, { cause })
    })
    this.#madeWithin = true
  }

  async startCameras(count: number): Promise<VirtualCamerasProcess> {
    this.simulator = await spawnVirtualCameras({ count, sub: undefined })
    this.sources = this.simulator.cameras.map(({ id, main }) => ({ id, url: main }))
    return this.simulator
  }

  /** Writes the configuration for the sources. */
  async configure(): Promise<void> {
    // All workers share it, so the system cannot pick one for each.
    this.gatewayPort = await freePort()
    const limits = this.simulator ? { connects_per_second: 100, connects_per_host: 64 } : {}
    // JSON is YAML.
    const site = {
      site: { name: 'demo', timezone: 'UTC' },
      storage: { path: this.archive, segment: `${SEGMENT}s` },
      gateway: { listen: `127.0.0.1:${this.gatewayPort}` },
      viewing: { listen: 'never' },
      mediamtx: { run: 'never' },
      limits: { ...limits, workers: Math.min(WORKERS, this.sources.length) },
      cameras: this.sources.map(({ id, url }) => ({ id, main: url })),
    }
    await writeFile(join(this.stateDir, 'vms.yaml'), JSON.stringify(site), { mode: 0o600 })
  }

  startDaemon(): Promise<HealthReport> {
    return startDaemon({ config: join(this.stateDir, 'vms.yaml'), stateDir: this.stateDir, clock: this.clock })
  }

  status(): Promise<SiteStatus> {
    return this.client.status()
  }

  /** The gateway's URL of a camera. */
  viewerUrl(camera: string): string {
    return `rtsp://127.0.0.1:${this.gatewayPort}/${camera}/main`
  }

  /** Waits. Rejects with VMS_E_INTERRUPTED when the demo is interrupted. */
  async pause(milliseconds: number): Promise<void> {
    await sleep(this.clock, milliseconds, this.signal)
    if (this.signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
  }

  /** Asks `done` again and again until it gives something; undefined when `limit` milliseconds have passed. */
  async until<T>(limit: number, done: () => Promise<T | undefined> | T | undefined): Promise<T | undefined> {
    for (const end = this.clock.monotonic() + limit; ; ) {
      const result = await done()
      if (result !== undefined) return result
      if (this.clock.monotonic() >= end) return undefined
      await this.pause(25)
    }
  }

  /** Ends daemon and media workers in order: all segments are closed. */
  async stopRecording(): Promise<void> {
    await stopDaemon({ stateDir: this.stateDir, recorders: true, clock: this.clock })
  }

  /** Copies the logs beside the recordings; returns where they are. */
  async keepLogs(): Promise<string> {
    const target = join(this.archive, 'logs')
    const isLog = (path: string) => path === this.stateDir || path.endsWith('/workers') || path.endsWith('.log')
    await cp(this.stateDir, target, { recursive: true, filter: isLog })
    return target
  }

  /**
   * Ends everything that still runs and removes what is private. `keep` says what stays of the directory of the recordings:
   * all of it, nothing, or nothing when there is no recording in it.
   */
  async close(keep: 'all' | 'recordings' | 'nothing'): Promise<void> {
    if (processesOf(this.stateDir).length > 0) await this.stopRecording().catch(() => {})
    killAll(this.stateDir)
    await this.simulator?.stop()
    await rm(this.stateDir, { recursive: true, force: true })
    await this.#keeper.dismiss()
    const empty = keep === 'nothing' || (keep === 'recordings' && (await cameraFiles(this.archive)).length === 0)
    if (empty && this.#madeWithin)
      for (const name of await readdir(this.archive).catch(() => []))
        await rm(join(this.archive, name), { recursive: true, force: true })
    if (empty && this.#madeArchive) await rm(this.archive, { recursive: true, force: true })
    process.off('exit', this.#onExit)
  }

  /** The process ends now, and nothing can be waited for. */
  #abandon(): void {
    killAll(this.stateDir)
    if (this.simulator) kill(this.simulator.pid)
    rmSync(this.stateDir, { recursive: true, force: true })
  }
}
