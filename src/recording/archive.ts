import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteConfig } from '../config/types.ts'
import type { Clock } from '../kernel/clock.ts'
import type { StreamRole } from '../media/frame.ts'
import { type JournalEntry, readJournal } from '../media/recorder/index.ts'
import { cameraAccount, recordedTime } from './coverage/index.ts'
import type { CoveragePiece, Interval, Segment } from './types.ts'

/** The archive as commands see it: files, index and account of one site. Close it. */
export interface Archive {
  readonly config: SiteConfig
  /** Absolute storage path. */
  readonly storage: string
  /** Closed segments of a camera that overlap a span, in order of start. */
  segments(camera: string, span: Interval, stream?: StreamRole): Segment[]
  /** What became of each second of a camera in a span; the segment being written counts as recorded. */
  coverage(camera: string, span: Interval): Promise<CoveragePiece[]>
  /** Absolute path of a file of the archive. */
  absolute(path: string): string
  close(): void
}

/** Opens the archive by the workers' journals alone. */
export async function openArchive(options: { config: SiteConfig; stateDir: string; clock: Clock }): Promise<Archive> {
  const { config, stateDir, clock } = options
  const entries: JournalEntry[] = []
  for (const name of globSync('*.journal', { cwd: join(stateDir, 'workers') }).sort()) {
    let position = 0
    for (;;) {
      const part = await readJournal(join(stateDir, 'workers', name), position)
      if (part.position === position) break
      position = part.position
      entries.push(...part.entries)
    }
  }
  const storage = config.storage.path
  const segments = (camera: string, span: Interval, stream: StreamRole = 'main') =>
    entries
      .flatMap(entry => (entry.type === 'segment' ? [entry] : []))
      .filter(entry => entry.camera === camera && entry.stream === stream)
      .filter(entry => entry.start < span.end && entry.end > span.start)
      .map(({ type: _, ...entry }) => ({
        ...entry,
        clockOffset: entry.clockOffset ?? null,
        sha256: entry.sha256 ?? null,
      }))
      .sort((a, b) => a.start - b.start)
  return {
    config,
    storage,
    segments,
    coverage: async (camera, span) =>
      cameraAccount(
        {
          ...recordedTime(segments(camera, { start: 0, end: Number.POSITIVE_INFINITY })),
          notes: entries.flatMap(entry => (entry.type === 'gap' && entry.camera === camera ? [entry] : [])),
          removed: [],
          wishes: [],
          record: config.cameras.find(({ id }) => id === camera)?.record ?? true,
          configured: [{ start: 0, end: Number.POSITIVE_INFINITY }],
        },
        span,
        clock.wall(),
      ),
    absolute: path => join(storage, path),
    close: () => {},
  }
}
