import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { workerPaths } from '../../src/config/state-paths.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { ensureStorage, Journal, readMarker } from '../../src/media/recorder/index.ts'
import { MediaWorker } from '../../src/media/worker/media-worker.ts'
import type { GatewayPeer, ViewingSettings, WantedCamera, WorkerSettings } from '../../src/media/worker/protocol.ts'

export const VIEWING: ViewingSettings = {
  host: '127.0.0.1',
  port: 0,
  limits: { viewersPerStream: 500, viewersPerUser: 16, bandwidth: 500_000_000 },
}

/** A camera as virtual ones serve it. */
export function wantedCamera(url: string, id: string, fields: Partial<WantedCamera> = {}): WantedCamera {
  const stream = (name: string) => ({
    url: `${url}/${id}/${name}`,
    username: undefined,
    password: undefined,
    verifyTls: false,
  })
  return { id, main: stream('main'), sub: stream('sub'), record: false, engine: 'native', resume: false, ...fields }
}

/** A media worker in this process, with its HTTP server. */
export class ViewingWorker implements AsyncDisposable {
  readonly worker: MediaWorker
  readonly slot: number
  readonly #dir: string
  readonly #own: boolean

  /** `dir`: the state directory that it shares with other workers. */
  constructor(slot = 0, dir?: string) {
    this.slot = slot
    this.#own = dir === undefined
    this.#dir = dir ?? mkdtempSync(join(tmpdir(), 'viewing-'))
    const { journal, gateway, http } = workerPaths(this.#dir, slot)
    mkdirSync(dirname(http), { recursive: true })
    this.worker = new MediaWorker({
      slot,
      version: '0.0.0',
      pid: process.pid,
      journal: new Journal({ path: journal, clock: systemClock, log: silentLogger }),
      gatewaySocket: gateway,
      httpSocket: http,
      viewingApi: join(this.#dir, 'viewing.sock'),
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
      onStopped: () => {},
    })
  }

  get dir(): string {
    return this.#dir
  }

  /** Settings and cameras, as a daemon would send them. */
  async apply(
    cameras: readonly WantedCamera[],
    viewing: ViewingSettings | undefined = VIEWING,
    peers: readonly GatewayPeer[] = [],
  ): Promise<void> {
    const path = join(this.#dir, 'archive')
    const settings: WorkerSettings = {
      site: 'test',
      storage: {
        path,
        id: ((await readMarker(path)) ?? (await ensureStorage(path, new Date()))).id,
        segment: 60_000,
        names: 'utc',
        timezone: 'UTC',
        syncPeriod: 0,
        memory: 100_000_000,
      },
      gateway: { host: '127.0.0.1', port: 0, username: undefined, password: undefined, linger: 1_000 },
      limits: { connectsPerSecond: 100, connectsPerHost: 100 },
      ...(viewing ? { viewing } : {}),
    }
    await this.worker.apply({ id: 1, type: 'apply', settings, cameras, peers })
  }

  /** Address of the HTTP server. */
  get url(): string {
    return `http://${this.worker.status().viewing?.listening}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.stop()
    if (this.#own) rmSync(this.#dir, { recursive: true, force: true })
  }
}

/** Waits until `look` is true, `seconds` at most. */
export async function eventually(look: () => boolean | Promise<boolean>, seconds = 15): Promise<boolean> {
  for (const end = systemClock.monotonic() + seconds * 1_000; systemClock.monotonic() < end; ) {
    if (await look()) return true
    await sleep(systemClock, 20)
  }
  return false
}
