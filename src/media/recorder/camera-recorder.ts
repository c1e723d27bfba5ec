import type { Clock } from '../../kernel/clock.ts'
import { stableFraction } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/log.ts'
import type { SegmentReason } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession, StreamRole } from '../frame.ts'
import type { FrameReader } from '../hub/hub.ts'
import type { RecordingStatus, StorageSettings } from '../worker/protocol.ts'
import { ClockWatch } from './clock-watch.ts'
import { Cutter } from './cutter.ts'
import type { DiskWriter } from './disk-writer.ts'
import { Fragment } from './fragment.ts'
import { LossLedger } from './loss-ledger.ts'
import { emptyRuns, type RecordedTrack, recordedTracks } from './recorded-tracks.ts'
import { prepareRecording } from './recovery.ts'
import type { JournalSink } from './types.ts'
import { WriteLane } from './write-lane.ts'

/** Seconds of media in a fragment: what a crash can cost. */
const FRAGMENT = 1
/** A fragment is closed early beyond these; a camera whose times stand still must not collect memory. */
const FRAGMENT_FRAMES = 2_000
const FRAGMENT_BYTES = 64 * 1024 * 1024
/** Seconds of media time between two frames that no camera leaves on purpose; a segment ends before such a hole. */
const HOLE = 60

/** Milliseconds that `stop` waits for a disk in trouble. */
export const STOP_LIMIT = 10_000

export interface CameraRecorderOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly settings: StorageSettings
  readonly disk: DiskWriter
  readonly clock: Clock
  readonly journal: JournalSink
  readonly log: Logger
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
  #tracks: readonly RecordedTrack[] = []
  /** Position among `#tracks` by track of the session. */
  #positions: number[] = []
  #fragment: Fragment | undefined
  /** Last decode time by position, and how long a frame of it lasted. */
  #lastDts: number[] = []
  #usual: number[] = []
  #lastArrived = 0
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
    })
  }

  session(session: MediaSession): void {
    if (this.#stopped) return
    if (this.#session) this.#leave(session.reason)
    this.#session = session
    this.#tracks = recordedTracks(session)
    this.#positions = session.tracks.map((_, index) => this.#tracks.findIndex(track => track.index === index))
    this.#lastDts = this.#tracks.map(() => Number.NEGATIVE_INFINITY)
    this.#usual = this.#tracks.map(() => 0)
    this.#next = -1
    this.#watch.session()
    const lead = this.#tracks[0]
    if (lead) this.#cutter.session(lead.timescale, session.reason)
    else this.#ledger.note(this.#clock.wall(), 'codec not supported')
  }

  frame(frame: Frame): void {
    const position = this.#positions[frame.track] ?? -1
    if (position < 0 || !this.#session) return
    if (position === 0) this.#lead(frame)
    else this.#beside(frame, position)
  }

  ended(reason: string): void {
    this.#leave(reason)
  }

  /** Why nothing comes now ("refused"), for the account of what is lost; no effect while a session runs. */
  missing(reason: string): void {
    if (!this.#session && !this.#stopped) this.#ledger.note(this.#clock.wall(), reason)
  }

  /**
   * Finishes the segment. Resolves when it is on disk, or after `limit` milliseconds with a disk that does not take it; what
   * waits is then dropped, and counted.
   */
  async stop(reason: string, limit = STOP_LIMIT): Promise<void> {
    if (this.#stopped) return
    const now = this.#clock.wall()
    const open = this.#fragment
    this.#leave(reason)
    this.#stopped = true
    await this.#lane.finish(limit)
    this.#ledger.stop(Math.max(now, open?.wallEnd ?? now))
  }

  /** What of the stream is on disk, and why not the rest. */
  status(): RecorderStatus {
    const taking = this.#fragment !== undefined && !this.#suspended
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
    if (this.#tracks.length === 0) return 'codec not supported'
    if (this.#suspended) return 'waiting for the disk'
    if (this.#cutter.waiting) return 'waiting for a key frame'
    return null
  }

  #lead(frame: Frame): void {
    const { timescale } = this.#tracks[0]!
    const last = this.#lastDts[0]!
    const dts = frame.dts > last ? frame.dts : last
    const dropped = frame.number !== this.#next && this.#next >= 0
    this.#next = frame.number + 1
    if (dropped) this.#interrupt('frames-dropped', 'frames dropped')
    else if (dts - last > HOLE * timescale && this.#fragment) this.#interrupt('clock-step', 'no frames')
    const media = (dts * 1_000) / timescale
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
    const open = this.#fragment
    if (cut === 'begin' || !open || isFull(open, dts)) {
      if (open) this.#close(open, dts)
      // Closing it may have cost this camera its place in memory.
      if (this.#suspended) return
      this.#open(frame, cut === 'begin' ? this.#cutter.reason : undefined, open !== undefined)
    }
    const fragment = this.#fragment!
    if (dts > last && Number.isFinite(last)) this.#usual[0] = Math.min(dts - last, timescale)
    this.#lastDts[0] = dts
    this.#lastArrived = frame.arrived
    fragment.lead.add(frame, dts)
  }

  #beside(frame: Frame, position: number): void {
    const fragment = this.#fragment
    if (!fragment) return
    const run = fragment.runs[position]!
    // Far more than a second of audio and no video: its times are not to be believed.
    if (run.samples.length >= FRAGMENT_FRAMES) return
    const dts = Math.max(frame.dts, this.#lastDts[position]!)
    this.#lastDts[position] = dts
    this.#usual[position] = this.#tracks[position]!.usual(frame)
    run.add(frame, dts)
  }

  #open(frame: Frame, begins: SegmentReason | undefined, continues: boolean): void {
    this.#fragment = new Fragment(this.#session!, emptyRuns(this.#tracks), begins, continues)
    this.#fragment.wallStart = frame.arrived
    if (!continues) this.#takenFrom = frame.arrived
    if (this.#usual[0] === 0) this.#usual[0] = this.#tracks[0]!.usual(frame)
  }

  /** Hands a fragment to the disk. `next`: when the frame behind it is decoded, where there is one. */
  #close(fragment: Fragment, next: number | undefined): void {
    this.#fragment = undefined
    const { lead, runs } = fragment
    lead.finish(next, this.#usual[0]!)
    for (let position = 1; position < runs.length; position++) runs[position]!.finish(undefined, this.#usual[position]!)
    const lasts = ((lead.endDts - lead.lastDts) * 1_000) / lead.timescale
    fragment.wallEnd = this.#lastArrived + lasts
    this.#lane.push(fragment)
  }

  /** What was taken so far is not followed by what comes. */
  #interrupt(reason: SegmentReason, lost: string): void {
    const open = this.#fragment
    this.#cutter.interrupt(reason)
    if (!open) return
    this.#close(open, undefined)
    this.#lane.end(reason)
    this.#ledger.note(open.wallEnd, lost)
  }

  /** The session is over. */
  #leave(reason: string): void {
    if (!this.#session || this.#stopped) return
    const open = this.#fragment
    if (open) this.#close(open, undefined)
    this.#lane.end(reason)
    this.#session = undefined
    this.#positions = []
    this.#ledger.note(open?.wallEnd ?? this.#clock.wall(), reason)
  }

  /** The lane lost its newest fragment: what is being collected does not follow any more. */
  #dropped(at: number, reason: string): void {
    this.#fragment?.release()
    this.#fragment = undefined
    this.#suspended = true
    this.#cutter.interrupt('frames-dropped')
    this.#ledger.note(at, reason)
  }
}

function isFull({ lead, bytes }: Fragment, dts: number): boolean {
  return (
    dts - lead.dts >= FRAGMENT * lead.timescale || lead.samples.length >= FRAGMENT_FRAMES || bytes >= FRAGMENT_BYTES
  )
}
