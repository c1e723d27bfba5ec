import type { Clock } from '../../kernel/clock.ts'
import { dayOf, listCamera, listCameras, type StreamFolders } from '../folders.ts'
import { Findings } from './findings.ts'
import type { CameraVerdict, VerifyReport, VerifySources } from './types.ts'
import { StreamVerifier } from './verify-stream.ts'

const DAY = 86_400_000

/** How far a verification has come. */
interface VerifyProgress {
  readonly camera: string
  /** Folders done, of how many. A folder holds a day of one camera. */
  readonly done: number
  readonly total: number
  readonly files: number
  /** Bytes whose hash was looked at. */
  readonly bytes: number
  /** Milliseconds since the beginning, and those that are left as it goes now; null before there is anything to go by. */
  readonly elapsed: number
  readonly left: number | null
}

export interface VerifyOptions {
  readonly sources: VerifySources
  /** Cameras to look at; all of the site and all that lie in the storage when not given. */
  readonly cameras?: readonly string[] | undefined
  /** Cameras of the site. */
  readonly configured: readonly string[]
  /** Reads every byte, for the hashes. */
  readonly deep: boolean
  /** Wall-clock milliseconds; footage that ends before is left out. */
  readonly since?: number | undefined
  /** Whether somebody writes to the file of that path (relative to the storage path) now. */
  readonly beingWritten?: (path: string) => boolean
  readonly clock: Clock
  readonly signal?: AbortSignal
  readonly progress?: (progress: VerifyProgress) => void
}

interface Plan {
  readonly camera: string
  readonly streams: readonly StreamFolders[]
  readonly foreign: readonly string[]
}

/**
 * Looks at every file of an archive, and holds them against each other, the index and the account. Writes nothing. Memory is
 * that of a few days of one camera and of what is found, whatever the size of the archive. Rejects with the error of a disk
 * that cannot be listed, and with the signal's reason.
 */
export async function verifyArchive(options: VerifyOptions): Promise<VerifyReport> {
  const { sources, deep, since = 0, clock, signal, progress } = options
  const began = clock.monotonic()
  const here = await listCameras(sources.storage)
  const all = [...new Set([...options.configured, ...here.cameras])].sort()
  const plans: Plan[] = []
  for (const camera of options.cameras ?? all) plans.push(await planOf(sources.storage, camera, since))
  const total = plans.reduce((sum, { streams }) => sum + streams.reduce((n, { folders }) => n + folders.length, 0), 0)
  let done = 0
  let files = 0
  let bytes = 0
  const cameras: CameraVerdict[] = []
  for (const { camera, streams, foreign } of plans) {
    const found = new Findings(camera)
    found.addForeign(foreign)
    const tell = () => {
      const elapsed = clock.monotonic() - began
      const left = done === 0 ? null : (elapsed / done) * (total - done)
      progress?.({ camera, done, total, files, bytes, elapsed, left })
    }
    for (const stream of streams) {
      const read = (count: number) => {
        files++
        bytes += count
        tell()
      }
      const folderDone = () => {
        done++
        tell()
      }
      const { beingWritten = () => false } = options
      const now = () => clock.wall()
      const check = { sources, camera, deep, since, now, beingWritten, signal, read, folderDone }
      await new StreamVerifier(check, stream, found).run()
    }
    cameras.push(found.verdict())
  }
  const sum = (of: (verdict: CameraVerdict) => number) => cameras.reduce((total, verdict) => total + of(verdict), 0)
  return {
    ok: cameras.every(({ ok }) => ok),
    deep,
    files: sum(verdict => verdict.files),
    bytes: sum(verdict => verdict.bytes),
    hashed: sum(verdict => verdict.hashed),
    elapsed: clock.monotonic() - began,
    cameras,
    foreign: options.cameras ? [] : here.foreign,
  }
}

/** Folders of days that are wholly before `since` are left out. A camera without files may still have rows. */
async function planOf(storage: string, camera: string, since: number): Promise<Plan> {
  const { streams, foreign } = await listCamera(storage, camera)
  const main = streams.some(({ stream }) => stream === 'main') ? [] : [{ stream: 'main', folders: [] } as const]
  const kept = [...main, ...streams].map(({ stream, folders }) => ({
    stream,
    folders: folders.filter(folder => !(Date.parse(dayOf(folder) ?? '') < since - 2 * DAY)),
  }))
  return { camera, streams: kept, foreign }
}
