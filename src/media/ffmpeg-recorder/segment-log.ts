import { rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { JournalSink } from '../recorder/types.ts'
import { inspectSegment } from '../segment-file/index.ts'
import { type OpenSegment, OpenSegments } from './open-segments.ts'
import type { FinishedSegment } from './progress.ts'

/** Why a segment ended that ffmpeg did not finish. */
export const FFMPEG_ENDED = 'ffmpeg ended'
/** The same for one that a killed worker left. */
export const WORKER_DIED = 'worker restarted'
/** Milliseconds that such a segment must not have grown: its ffmpeg may be in its last breath. */
const LEFT_AFTER = 3_000

/** Bytes below which a file that does not even say what its tracks are holds nothing. */
const HEADER = 4_096

export interface SegmentLogOptions {
  readonly camera: string
  readonly settings: { readonly path: string }
  readonly journal: JournalSink
  readonly clock: Clock
  readonly log: Logger
}

/** Enters one camera's segments in the journal: those that ffmpeg finishes, and those that it left when it was killed. */
export class SegmentLog {
  readonly #options: SegmentLogOptions
  readonly folder: string
  readonly #open: OpenSegments
  #session = ''
  #begun = 0
  #noted: Promise<void> = Promise.resolve()
  /** Entered, and their bytes. */
  segments = 0
  bytes = 0

  constructor(options: SegmentLogOptions) {
    this.#options = options
    this.folder = join(options.settings.path, options.camera, 'main')
    this.#open = new OpenSegments(this.folder)
  }

  /** Resolves when everything is entered that is known of. */
  get settled(): Promise<void> {
    return this.#noted
  }

  /** Another run of ffmpeg. */
  newSession(session: string): void {
    this.#session = session
  }

  /** ffmpeg begins a file. */
  began(name: string): void {
    const start = this.#options.clock.wall()
    this.#open.begin({ name, session: this.#session, number: this.#begun++, start })
  }

  finished({ name, start, end }: FinishedSegment): void {
    const now = this.#options.clock.wall()
    const unseen = { name, session: this.#session, number: this.#begun++, start: now - (end - start) * 1_000 }
    this.#note(this.#open.take(name) ?? unseen, now, 'duration')
  }

  /** ffmpeg is gone. Killed, it finished nothing: what it had begun is good up to its last fragment. */
  exited(): void {
    const now = this.#options.clock.wall()
    for (const segment of this.#open.of(this.#session)) {
      this.#open.take(segment.name)
      this.#note(segment, now, FFMPEG_ENDED)
    }
  }

  /**
   * Looks for what the ffmpeg of a killed worker left, to be called once, before anything begins: it is entered when nobody
   * writes to it any more. Gives the wall-clock milliseconds at which the newest ends, undefined for none.
   */
  async left(): Promise<number | undefined> {
    let newest: number | undefined
    for (const segment of await this.#open.left()) {
      const facts = await this.#facts(segment)
      if (!facts) this.#open.take(segment.name)
      else {
        newest = Math.max(newest ?? 0, facts.mtimeMs)
        this.#adoptLater(segment, facts.size)
      }
    }
    return newest
  }

  #adoptLater(segment: OpenSegment, size: number): void {
    const adopt = async () => {
      const facts = await this.#facts(segment)
      if (facts && facts.size !== size) this.#adoptLater(segment, facts.size)
      else if (facts && this.#open.take(segment.name)) this.#note(segment, facts.mtimeMs, WORKER_DIED)
    }
    this.#options.clock.after(LEFT_AFTER, () => void adopt()).unref()
  }

  #facts({ name }: OpenSegment): Promise<{ size: number; mtimeMs: number } | undefined> {
    return stat(join(this.folder, name)).catch(() => undefined)
  }

  #note(segment: OpenSegment, end: number, ended: string): void {
    this.#noted = this.#noted.then(() => this.#append(segment, end, ended)).then(() => this.#open.save())
  }

  async #append({ name, session, number, start }: OpenSegment, end: number, ended: string): Promise<void> {
    const { camera, settings, journal, log } = this.#options
    const path = join(this.folder, name)
    try {
      const { size } = await stat(path)
      if (ended !== 'duration' && (await isEmpty(path, size))) return await rm(path)
      this.segments++
      this.bytes += size
      journal.append({
        type: 'segment',
        camera,
        stream: 'main',
        session,
        number,
        path: relative(settings.path, path),
        start,
        end,
        bytes: size,
        frames: 0,
        codec: 'copy',
        began: 'duration',
        ended,
        clockOffset: null,
        sha256: null,
      })
    } catch (error) {
      log.warn({ camera, file: name, error: messageOf(error) }, 'finished segment cannot be read')
    }
  }
}

/** Whether ffmpeg wrote nothing but the beginning, or not even that. */
async function isEmpty(path: string, size: number): Promise<boolean> {
  const found = await inspectSegment(path)
  return found ? found.fragments === 0 : size < HEADER
}
