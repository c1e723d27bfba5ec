import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { silentLogger } from '../../../src/kernel/log.ts'
import { SlabPool } from '../../../src/media/memory/slab.ts'
import type { CameraRecorderOptions } from '../../../src/media/recorder/camera-recorder.ts'
import {
  CameraRecorder,
  DiskWriter,
  ensureStorage,
  type JournalEntry,
  type RecorderFs,
} from '../../../src/media/recorder/index.ts'
import type { StorageSettings } from '../../../src/media/worker/protocol.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { FaultyFs } from './faulty-fs.ts'
import { type CameraShape, SyntheticCamera } from './synthetic-camera.ts'

export interface BenchOptions {
  readonly settings?: Partial<StorageSettings>
  /** Storage directory; a temporary one by default. */
  readonly path?: string
  /** The file system of that directory. */
  readonly fs?: (path: string) => RecorderFs
}

/** A storage directory, a disk writer on a fake clock, and cameras that record to it. */
export class Bench {
  readonly clock = new FakeClock(Date.UTC(2026, 10, 23, 18, 30, 0))
  readonly pool = new SlabPool()
  readonly entries: JournalEntry[] = []
  readonly journal = { append: (entry: JournalEntry) => void this.entries.push(entry) }
  readonly path: string
  readonly disk: DiskWriter
  readonly fs: FaultyFs
  readonly cameras: SyntheticCamera[] = []
  readonly recorders: CameraRecorder[] = []
  readonly settings: StorageSettings

  private constructor(path: string, id: string, { settings, fs }: BenchOptions) {
    this.fs = new FaultyFs(fs?.(path))
    this.path = path
    this.settings = {
      path,
      id,
      segment: 3_000,
      names: 'utc',
      timezone: 'UTC',
      syncPeriod: 0,
      memory: 64 * 1024 * 1024,
      ...settings,
    }
    this.disk = new DiskWriter({
      site: 'warehouse',
      settings: this.settings,
      pool: this.pool,
      clock: this.clock,
      log: silentLogger,
      fs: this.fs,
    })
  }

  static async open(options: BenchOptions = {}): Promise<Bench> {
    const path = options.path ?? mkdtempSync(join(tmpdir(), 'vmsctl-recorder-'))
    const { id } = await ensureStorage(path, new Date(0))
    return new Bench(path, id, options)
  }

  recorder(camera: string, resume = false, stored: CameraRecorderOptions['stored'] = () => {}): CameraRecorder {
    const { disk, clock, journal, settings } = this
    const recorder = new CameraRecorder({
      camera,
      stream: 'main',
      settings,
      disk,
      clock,
      journal,
      log: silentLogger,
      resume,
      stored,
    })
    this.recorders.push(recorder)
    return recorder
  }

  camera(id: string, shape: Partial<CameraShape> = {}): SyntheticCamera {
    const camera = new SyntheticCamera({ id, pool: this.pool, reader: this.recorder(id), ...shape })
    this.cameras.push(camera)
    return camera
  }

  /** All cameras send for so many seconds at 25 frames a second; the disk works in between. */
  async play(seconds: number, cameras: readonly SyntheticCamera[] = this.cameras): Promise<void> {
    for (let frame = 0; frame < seconds * 25; frame++) {
      for (const camera of cameras) camera.frame(this.clock.wall())
      this.clock.advance(40)
      await this.settle()
    }
  }

  /** Time passes and nobody sends. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 50) {
      this.clock.advance(Math.min(50, left))
      await this.settle()
    }
  }

  /** Waits until the disk has nothing to do but to wait for the clock, or for a test that holds it. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise(resolve => setImmediate(resolve))
      if (this.disk.operations > this.fs.held) quiet = -1
    }
  }

  /** Stops all recorders; time passes, for a disk that is being tried again, and the disk has all it needs. */
  async stop(): Promise<void> {
    let done = false
    const stopping = Promise.all(this.recorders.map(recorder => recorder.stop('stopped', 3_600_000))).then(() => {
      done = true
    })
    while (!done) {
      await this.settle()
      this.clock.advance(100)
    }
    await stopping
    for (const camera of this.cameras.splice(0)) camera.close()
    this.recorders.length = 0
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  /** Each closed file has the hash that it says, and the last that the journal says of it is the same. */
  expectHashes(): void {
    const told = new Map(this.segments().map(({ path, sha256 }) => [path, sha256]))
    const names = readdirSync(this.path, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.mp4'))
    for (const name of names) {
      const file = readFileSync(join(this.path, name))
      const { said, found } = hashByHand(file)
      if (said) expect(found, name).toBe(said)
      if (told.has(name)) expect(told.get(name), name).toBe(said ?? null)
    }
  }

  segments(): Extract<JournalEntry, { type: 'segment' }>[] {
    return this.entries.filter(entry => entry.type === 'segment')
  }

  gaps(): Extract<JournalEntry, { type: 'gap' }>[] {
    return this.entries.filter(entry => entry.type === 'gap')
  }
}
