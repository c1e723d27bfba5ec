import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CameraReport, DaemonClient, type SiteStatus, startDaemon, stopDaemon } from '../../src/daemon/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { type JournalEntry, readJournal } from '../../src/media/recorder/index.ts'
import { type FrameVerdict, type VirtualCamerasProcess, verifyFrames } from '../../src/media/virtual/index.ts'
import { isRunning, readIdentity, terminate } from '../../src/process/index.ts'
import { findWorkers } from '../../src/supervision/index.ts'

export interface TestSiteOptions {
  /** Where the archive is; by default below the site's own directory. */
  readonly archive?: string
  /** Seconds of a segment. */
  readonly segment?: number
  /** More lines at the top level of the configuration. */
  readonly settings?: readonly string[]
  /** Fields of `storage` besides path and segment, and the gateway's, in flow style. */
  readonly storage?: string
  readonly gateway?: string
}

/** Milliseconds between two looks at a condition. */
const LOOK = 100

/**
 * A site in a temporary directory: configuration, state, archive, and a daemon with its workers as real processes. Whatever
 * happens, disposing of it ends what it started, by pid.
 */
export class TestSite implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'vms-site-'))
  readonly stateDir = join(this.dir, 'state')
  readonly config = join(this.dir, 'vms.yaml')
  readonly archive: string
  readonly client = new DaemonClient(this.stateDir)
  readonly #options: TestSiteOptions
  readonly #rest: (() => unknown)[] = []

  constructor(options: TestSiteOptions = {}) {
    this.#options = options
    this.archive = options.archive ?? join(this.dir, 'archive')
  }

  /** Writes the configuration with these entries of `cameras`. */
  write(cameras: readonly string[], settings: readonly string[] = this.#options.settings ?? []): void {
    const { segment = 5, storage = '', gateway = 'listen: "127.0.0.1:0"' } = this.#options
    const lines = [
      'site: { name: test }',
      `storage: { path: ${JSON.stringify(this.archive)}, segment: ${segment}s${storage === '' ? '' : `, ${storage}`} }`,
      `gateway: { ${gateway} }`,
      ...(settings.some(line => line.startsWith('viewing:')) ? [] : ['viewing: { listen: "127.0.0.1:0" }']),
      // Two sites, or a site and a server of somebody else, want the same ports.
      ...(settings.some(line => line.startsWith('mediamtx:')) ? [] : ['mediamtx: { run: never }']),
      ...settings,
      'cameras:',
      ...cameras.map(camera => `  - ${camera}`),
    ]
    writeFileSync(this.config, `${lines.join('\n')}\n`)
  }

  /** The entry of all main streams of virtual cameras, as a range. */
  range(cameras: VirtualCamerasProcess, more = ''): string {
    const { length } = cameras.cameras
    const digits = Math.max(3, String(length).length)
    const first = '1'.padStart(digits, '0')
    return `{ range: "cam-{${first}..${String(length).padStart(digits, '0')}}", main: "${cameras.url}/cam-{${'n'.repeat(digits)}}/main"${more} }`
  }

  start(): Promise<unknown> {
    return startDaemon({ config: this.config, stateDir: this.stateDir })
  }

  /** Ends everything in order: every segment is closed behind this. */
  async stop(): Promise<void> {
    await stopDaemon({ stateDir: this.stateDir, recorders: true })
  }

  /** Ends with the site; the newest first. */
  defer(end: () => unknown): void {
    this.#rest.unshift(end)
  }

  status(): Promise<SiteStatus> {
    return this.client.status()
  }

  async camera(id: string): Promise<CameraReport> {
    const { cameras } = await this.client.status({ cameras: [id] })
    return cameras[0]!
  }

  /** kill -9 of the daemon. */
  async killDaemon(): Promise<void> {
    const { pid } = await this.client.health()
    const identity = readIdentity(pid)
    process.kill(pid, 'SIGKILL')
    while (identity && isRunning(identity)) await sleep(systemClock, 5)
  }

  workerPids(): number[] {
    return findWorkers(this.stateDir)
      .map(worker => worker.pid)
      .sort((a, b) => a - b)
  }

  /** Waits until `look` gives something other than false and undefined, and gives that. Errors of `look` are a "not yet". */
  async until<T>(what: string, look: () => Promise<T | undefined | false>, seconds = 30): Promise<T> {
    const end = systemClock.monotonic() + seconds * 1_000
    let trouble: unknown
    do {
      try {
        const found = await look()
        if (found !== undefined && found !== false) return found
        trouble = undefined
      } catch (error) {
        trouble = error
      }
      await sleep(systemClock, LOOK)
    } while (systemClock.monotonic() < end)
    const cameras = await this.status().then(describe, () => 'no daemon answers')
    throw new Error(`not in ${seconds} s: ${what}\n${cameras}${trouble ? `\n${trouble}` : ''}`)
  }

  /** Waits until the newest frames of all wanted cameras, or of those named, go to disk. Gives the time it began to look. */
  async recording(ids?: readonly string[], seconds = 30): Promise<number> {
    let asked = 0
    await this.until(
      `${ids?.join(', ') ?? 'all cameras'} are on disk`,
      async () => {
        asked = Date.now()
        const { cameras } = await this.status()
        const meant = cameras.filter(({ id, wish }) => ids?.includes(id) ?? wish.record)
        return meant.length > 0 && meant.every(({ recording }) => recording?.active && recording.lastWritten !== null)
      },
      seconds,
    )
    return asked
  }

  /** Waits until what was sent before `time` is on disk, for the cameras named or all that are wanted. */
  written(time: number, ids?: readonly string[]): Promise<boolean> {
    return this.until(`everything sent until ${time} is on disk`, async () => {
      const { cameras } = await this.status()
      return cameras
        .filter(({ id, wish }) => ids?.includes(id) ?? wish.record)
        .every(({ recording }) => (recording?.lastWritten ?? 0) > time)
    })
  }

  /** All segments, or those of a camera, sorted by path: by time, therefore. Absolute. */
  segments(camera = '*'): string[] {
    // A second file of one second is called `…-2.mp4`: it comes after `….mp4`.
    const stems = globSync(`${camera}/main/**/*.mp4`, { cwd: this.archive }).map(path => path.slice(0, -4))
    return stems.sort().map(stem => join(this.archive, `${stem}.mp4`))
  }

  /** Every file of the state directory: logs, journals, records, the database. Absolute; some there must be. */
  stateFiles(): string[] {
    const files = globSync('**/*', { cwd: this.stateDir, withFileTypes: true }).filter(entry => entry.isFile())
    if (files.length === 0) throw new Error('nothing was written to the state directory')
    return files.map(entry => join(entry.parentPath, entry.name))
  }

  /** What the workers' journals hold, of one camera or all. */
  async journal(camera?: string): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = []
    for (const name of globSync('workers/*.journal', { cwd: this.stateDir })) {
      for (let position = 0; ; ) {
        const part = await readJournal(join(this.stateDir, name), position)
        if (part.entries.length === 0) break
        entries.push(...part.entries)
        position = part.position
      }
    }
    return entries.filter(entry => camera === undefined || entry.camera === camera)
  }

  /** What was sent, frame by frame, against what is on disk. */
  async verify(
    cameras: VirtualCamerasProcess,
    range: { from?: number; to?: number; camera?: string } = {},
  ): Promise<FrameVerdict> {
    const { streams } = await cameras.client.statistics()
    return verifyFrames(this.archive, { ...range, expect: streams })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {})
    await Promise.all(findWorkers(this.stateDir).map(worker => terminate(systemClock, worker)))
    for (const end of this.#rest) await end()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** One line a camera, for the message of a test that waited in vain. */
function describe({ cameras, notes, workers }: SiteStatus): string {
  const lines = cameras.map(
    ({ id, health, reason, main, recording }) =>
      `${id}: ${health}, ${reason ?? 'no reason'}; ${main?.state} (${main?.reason}), recording ${recording?.active} (${recording?.reason})`,
  )
  return [...notes, ...workers.map(({ slot, trouble }) => `worker ${slot}: ${trouble ?? 'runs'}`), ...lines].join('\n')
}
