import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** A segment that ffmpeg has begun. */
export interface OpenSegment {
  /** File name without folder. */
  readonly name: string
  readonly session: string
  readonly number: number
  /** Wall-clock milliseconds of its beginning. */
  readonly start: number
}

/** Beside the segments. Hidden, and no name that a segment can have. */
const FILE = '.open-segments.json'
/** Entries that are read: ffmpeg has two segments open at the most, and a worker may die a few times in a row. */
const LIMIT = 16

/**
 * The segments that ffmpeg has begun and that are in no journal yet. A file beside them says the same, so that the next
 * worker learns what a killed one left: ffmpeg's files have no mark of ours.
 */
export class OpenSegments {
  readonly #file: string
  readonly #open = new Map<string, OpenSegment>()
  #saving: Promise<void> = Promise.resolve()

  constructor(folder: string) {
    this.#file = join(folder, FILE)
  }

  /** Those of one session. */
  of(session: string): OpenSegment[] {
    return [...this.#open.values()].filter(segment => segment.session === session)
  }

  begin(segment: OpenSegment): void {
    this.#open.set(segment.name, segment)
    void this.save()
  }

  /** The segment of that name, which is open no more. The file says so after the next `save`. */
  take(name: string): OpenSegment | undefined {
    const segment = this.#open.get(name)
    this.#open.delete(name)
    return segment
  }

  /** Reads what an earlier worker left open; it counts as open here until it is taken. */
  async left(): Promise<OpenSegment[]> {
    const left = parse(await readFile(this.#file, 'utf8').catch(() => ''))
    for (const segment of left) this.#open.set(segment.name, segment)
    return left
  }

  /** Writes the file. Never rejects: a disk that does not take it has other ways to make itself heard. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write()).catch(() => {})
    return this.#saving
  }

  async #write(): Promise<void> {
    if (this.#open.size === 0) return rm(this.#file, { force: true })
    await writeFile(`${this.#file}.new`, JSON.stringify([...this.#open.values()]))
    await rename(`${this.#file}.new`, this.#file)
  }
}

/** What makes no sense is left out. */
function parse(text: string): OpenSegment[] {
  try {
    const entries: unknown = JSON.parse(text)
    return Array.isArray(entries) ? entries.filter(isOpenSegment).slice(-LIMIT) : []
  } catch {
    return []
  }
}

function isOpenSegment(value: unknown): value is OpenSegment {
  const { name, session, number, start } = (value ?? {}) as Record<keyof OpenSegment, unknown>
  if (typeof name !== 'string' || name !== basename(name) || !name.endsWith('.mp4')) return false
  return typeof session === 'string' && Number.isSafeInteger(number) && Number.isFinite(start)
}
