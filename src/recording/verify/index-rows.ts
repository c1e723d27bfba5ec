import { dirname } from 'node:path'
import type { StreamRole } from '../../media/frame.ts'
import { dayOf } from '../folders.ts'
import type { Interval, Segment } from '../types.ts'
import type { VerifySources } from './types.ts'

const DAY = 86_400_000
/** Hours that clocks of a zone are behind UTC at most, and ahead of it, as milliseconds. */
const BEHIND = 12 * 3_600_000
const AHEAD = 14 * 3_600_000

/** Rows of the index that belong to a folder, and rows of the same time whose folder is not there. */
export interface FolderRows {
  /** By path. */
  readonly here: ReadonlyMap<string, Segment>
  readonly nowhere: readonly Segment[]
}

/**
 * Hands out the rows of one stream folder by folder, so that never more than some days of it are in memory. Each row comes
 * once: with its folder, or with the folder before it in time when its own is missing.
 */
export class IndexRows {
  readonly #sources: Pick<VerifySources, 'segments'>
  readonly #camera: string
  readonly #stream: StreamRole
  readonly #folders: readonly string[]
  readonly #since: number

  constructor(
    sources: Pick<VerifySources, 'segments'>,
    camera: string,
    stream: StreamRole,
    folders: readonly string[],
    since: number,
  ) {
    this.#sources = sources
    this.#camera = camera
    this.#stream = stream
    this.#folders = folders
    this.#since = since
  }

  /** The rows of `folders[index]`. Index -1 is the time before the first folder: all its rows are nowhere. */
  of(index: number): FolderRows {
    const folder = this.#folders[index]
    const slot: Interval = { start: this.#beginOf(index), end: this.#beginOf(index + 1) }
    const whole = folder !== undefined && dayOf(folder) === undefined
    // The names of days are in UTC or in the site's zone: its rows begin a little before the day, or behind it.
    const start = Math.max(this.#since, slot.start - AHEAD)
    const end = whole ? Number.MAX_SAFE_INTEGER : Math.max(slot.end, slot.start + DAY + BEHIND)
    const here = new Map<string, Segment>()
    const nowhere: Segment[] = []
    if (start >= end) return { here, nowhere }
    for (const row of this.#sources.segments(this.#camera, { start, end }, this.#stream)) {
      const own = dirname(row.path)
      if (own === folder) here.set(row.path, row)
      else if (row.start >= slot.start && row.start < slot.end && !this.#folders.includes(own)) nowhere.push(row)
    }
    return { here, nowhere }
  }

  /** Where the day of a folder begins in UTC. The stream's own folder, the first, has no day: it begins with time itself. */
  #beginOf(index: number): number {
    const folder = this.#folders[index]
    if (folder === undefined) return index < 0 ? 0 : Number.MAX_SAFE_INTEGER
    const day = dayOf(folder)
    return day === undefined ? 0 : Date.parse(`${day}T00:00:00Z`)
  }
}
