import type { Clock } from '../../kernel/clock.ts'
import { stableFraction } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/log.ts'
import type { SegmentReason } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession, StreamRole } from '../frame.ts'
import type { FrameReader, StoredFrames } from '../hub/index.ts'
import type { RecordingStatus, StorageSettings } from '../worker/protocol.ts'
import { ClockWatch } from './clock-watch.ts'
import { Cutter } from './cutter.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { Fragment } from './fragment.ts'
import { FragmentBuilder } from './fragment-builder.ts'
import { LossLedger } from './loss-ledger.ts'
import { recordedTracks } from './recorded-tracks.ts'
import { prepareRecording } from './recovery.ts'
import { storedRuns } from './stored-runs.ts'
import type { JournalSink } from './types.ts'
import { WriteLane } from './write-lane.ts'

/** Seconds of media time between two frames that no camera leaves on purpose; a segment ends before such a hole. */
const HOLE = 60

/** Milliseconds of footage that may be on its way to us when a recording is stopped: not lost, but not wanted any more. */
const UNDER_WAY = 500

/** Milliseconds that `stop` waits for a disk in trouble. */
const STOP_LIMIT = 10_000

export interface CameraRecorderOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly settings: StorageSettings
  readonly disk: DiskWriter
  readonly clock: Clock
  readonly journal: JournalSink
  readonly log: Logger
  /** Frames of a session are on disk, and can be read back from there. */
  readonly stored?: (session: MediaSession, frames: StoredFrames) => void
  /** This camera was being recorded by a worker that died: what is missing since then is a loss. */
  readonly resume?: boolean
}

/** What a recorder itself knows of a {@link RecordingStatus}. */
export type RecorderStatus = Omit<RecordingStatus, 'wanted' | 'engine' | 'fallback'>

/**
 * Records one camera stream: cuts its frames into fragments and segments and hands them to the disk. All calls of the hub
 * return at once, whatever the disk does.
 */
export class CameraRecorder implements FrameReader {
  readonly #clock: Clock
  readonly #cutter: Cutter
  readonly #watch = new ClockWatch()
  readonly #ledger: LossLedger
  readonly #lane: WriteLane
  readonly #disk: DiskWriter
  readonly #log: Logger
  #session: MediaSession | undefined
  /** Collects the session's frames; undefined while none of it is recorded. */
  #builder: FragmentBuilder | undefined
  #timescale = 1
  /** Position among the recorded tracks by track of the session. */
  #positions: number[] = []
  /** Arrival of the first frame that was taken since the last hole. */
  #takenFrom = 0
  #next = 0
  /** The budget had no room for this camera: nothing is taken until a key frame finds some. */
  #suspended = false
  #stopped = false

  constructor(options: CameraRecorderOptions) {
    const { camera, stream, settings, disk, clock, journal, resume = false } = options
    const log = options.log.child({ camera })
    this.#clock = clock
    this.#disk = disk
    this.#log = log
    // In (0, 1], so that the first segment is never empty.
    this.#cutter = new Cutter({ segment: settings.segment, stagger: 1 - stableFraction(camera) })
    this.#ledger = new LossLedger(gap => journal.append({ type: 'gap', camera, ...gap }))
    this.#ledger.note(clock.wall(), 'starting')
    this.#lane = new WriteLane({
      camera,
      stream,
      disk,
      journal,
      ledger: this.#ledger,
      log,
      prepare: () => prepareRecording({ camera, stream, disk, ledger: this.#ledger, journal, log, resume }),
      dropped: (at, reason) => this.#dropped(at, reason),
      renew: reason => this.#cutter.request(reason),
      stored: (fragment, path, offset) => {
        if (options.stored)
          for (const run of storedRuns(disk, fragment, path, offset)) options.stored(fragment.session, run)
      },
    })
  }

  session(session: MediaSession): void {
    if (this.#stopped) return
    if (this.#session) this.#leave(session.reason)
    const tracks = recordedTracks(session)
    const [lead] = tracks
    this.#session = session
    this.#positions = session.tracks.map((_, index) => tracks.findIndex(track => track.index === index))
    this.#next = -1
    this.#watch.session()
    this.#builder = lead && new FragmentBuilder(session, tracks)
    if (!lead) return this.#ledger.note(this.#clock.wall(), 'codec not supported')
    this.#timescale = lead.timescale
    this.#cutter.session(lead.timescale, session.reason)
  }

  frame(frame: Frame): void {
    const position = this.#positions[frame.track] ?? -1
    const builder = this.#builder
    if (position < 0 || !builder) return
    if (position === 0) this.#lead(frame, builder)
    else builder.addBeside(frame, position)
  }

  ended(reason: string): void {
    this.#leave(reason)
  }

  /** Why nothing comes now ("refused"), for the account of what is lost; no effect while a session runs. */
  missing(reason: string): void {
    if (!this.#session && !this.#stopped) this.#ledger.remains(this.#clock.wall(), reason)
  }

  /**
   * Finishes the segment. Resolves when it is on disk, or after `limit` milliseconds with a disk that does not take it; what
   * waits is then dropped, and counted.
   */
  async stop(reason: string, limit = STOP_LIMIT): Promise<void> {
    if (this.#stopped) return
    const now = this.#clock.wall()
    const end = this.#leave(reason)
    this.#stopped = true
    await this.#lane.finish(limit)
    this.#ledger.stop(now - end > UNDER_WAY ? now : end)
  }

  /** What of the stream is on disk, and why not the rest. */
  status(): RecorderStatus {
    const taking = this.#builder?.collecting === true
    const { figures, segment, trouble } = this.#lane
    return {
      active: taking && trouble === undefined && figures.lastWritten !== null,
      reason: trouble ?? this.#waitsFor(),
      segment,
      segments: figures.segments,
      bytesWritten: figures.bytes,
      framesWritten: figures.frames,
      lastWritten: figures.lastWritten,
      lost: this.#ledger.totals(this.#stopped ? 0 : taking ? this.#takenFrom : this.#clock.wall()),
    }
  }

  #waitsFor(): string | null {
    if (this.#stopped) return 'stopped'
    if (!this.#session) return 'no stream'
    if (!this.#builder) return 'codec not supported'
    if (this.#suspended) return 'waiting for the disk'
    if (this.#cutter.waiting) return 'waiting for a key frame'
    return null
  }

  #lead(frame: Frame, builder: FragmentBuilder): void {
    const { last } = builder
    const dts = frame.dts > last ? frame.dts : last
    const dropped = frame.number !== this.#next && this.#next >= 0
    this.#next = frame.number + 1
    if (dropped) this.#interrupt('frames-dropped', 'frames dropped')
    else if (dts - last > HOLE * this.#timescale && builder.collecting) this.#interrupt('clock-step', 'no frames')
    const media = (dts * 1_000) / this.#timescale
    if (this.#watch.frame(media, frame.arrived, this.#clock.wall(), this.#clock.monotonic())) {
      this.#cutter.request('clock-step')
    }
    if (this.#suspended) {
      if (!frame.key || !this.#disk.hasRoom(this.#lane)) return
      this.#suspended = false
    }
    const overlong = this.#cutter.overlong
    const cut = this.#cutter.next(dts, frame.key)
    if (cut === 'skip') return
    if (this.#cutter.overlong !== overlong) this.#log.warn({}, 'no key frame for long: segment cut without one')
    if (cut === 'begin' || builder.isFull(dts)) {
      const continues = this.#hand(dts) !== undefined
      // Handing it over may have cost this camera its place in memory.
      if (this.#suspended) return
      builder.begin(frame, cut === 'begin' ? this.#cutter.reason : undefined, continues)
      if (!continues) this.#takenFrom = frame.arrived
    }
    builder.addLead(frame, dts)
  }

  /** Hands the fragment in hand to the disk. `next`: when the frame behind it is decoded, where there is one. */
  #hand(next: number | undefined): Fragment | undefined {
    const fragment = this.#builder?.end(next)
    if (fragment) this.#lane.push(fragment)
    return fragment
  }

  /** What was taken so far is not followed by what comes. */
  #interrupt(reason: SegmentReason, lost: string): void {
    this.#cutter.interrupt(reason)
    const fragment = this.#hand(undefined)
    if (!fragment) return
    this.#lane.end(reason)
    this.#ledger.note(fragment.wallEnd, lost)
  }

  /** The session is over. Gives the wall-clock time at which it ended. */
  #leave(reason: string): number {
    const now = this.#clock.wall()
    if (!this.#session || this.#stopped) return now
    const end = this.#hand(undefined)?.wallEnd ?? now
    this.#lane.end(reason)
    this.#session = undefined
    this.#builder = undefined
    this.#positions = []
    this.#ledger.note(end, reason)
    return end
  }

  /** The lane lost its newest fragment: what is being collected does not follow any more. */
  #dropped(at: number, reason: string): void {
    this.#builder?.drop()
    this.#suspended = true
    this.#cutter.interrupt('frames-dropped')
    this.#ledger.note(at, reason)
  }
}
