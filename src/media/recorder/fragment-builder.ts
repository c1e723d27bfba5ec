import type { SegmentReason } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import { Fragment } from './fragment.ts'
import { emptyRuns, type RecordedTrack } from './recorded-tracks.ts'

/** Seconds of media in a fragment: with what is on its way to the disk, it is the second that a crash can cost. */
const FRAGMENT = 0.8
/** A fragment is closed early beyond these; a camera whose times stand still must not collect memory. */
const FRAGMENT_FRAMES = 2_000
const FRAGMENT_BYTES = 64 * 1024 * 1024

/**
 * Collects the frames of one session into fragments. A fragment ends when the frame behind it arrives, for only then is it
 * known how long its last frame lasts.
 */
export class FragmentBuilder {
  /** Decode time of the last frame of the leading track; negative infinity before the first. */
  last = Number.NEGATIVE_INFINITY
  readonly #session: MediaSession
  readonly #tracks: readonly RecordedTrack[]
  #open: Fragment | undefined
  #lastArrived = 0
  /** Last decode time, and how long a frame lasts, by position of the track. */
  readonly #lastDts: number[]
  readonly #usual: number[]

  constructor(session: MediaSession, tracks: readonly RecordedTrack[]) {
    this.#session = session
    this.#tracks = tracks
    this.#lastDts = tracks.map(() => Number.NEGATIVE_INFINITY)
    this.#usual = tracks.map(() => 0)
  }

  /** A fragment is being collected. */
  get collecting(): boolean {
    return this.#open !== undefined
  }

  /** Whether the fragment in hand has its length when the next frame of the leading track is decoded at `dts`. */
  isFull(dts: number): boolean {
    if (!this.#open) return false
    const { lead } = this.#open
    if (dts - lead.dts >= FRAGMENT * lead.timescale) return true
    return lead.samples.length >= FRAGMENT_FRAMES || lead.bytes >= FRAGMENT_BYTES
  }

  /** Begins a fragment with the arrival of `frame`, which is to be added. */
  begin(frame: Frame, begins: SegmentReason | undefined, continues: boolean): void {
    this.#open = new Fragment(this.#session, emptyRuns(this.#tracks), begins, continues)
    this.#open.wallStart = frame.arrived
    if (this.#usual[0] === 0) this.#usual[0] = this.#tracks[0]!.usual(frame)
  }

  /** Adds a frame of the leading track, decoded at `dts`: not before the last one. */
  addLead(frame: Frame, dts: number): void {
    const { last } = this
    if (dts > last && Number.isFinite(last)) this.#usual[0] = Math.min(dts - last, this.#tracks[0]!.timescale)
    this.last = dts
    this.#lastArrived = frame.arrived
    this.#open!.lead.add(frame, dts)
  }

  /** Adds a frame of the track at `position`, where a fragment is being collected. */
  addBeside(frame: Frame, position: number): void {
    const run = this.#open?.runs[position]
    // Far more than a second of audio and no video: its times are not to be believed.
    if (!run || run.samples.length >= FRAGMENT_FRAMES) return
    const dts = Math.max(frame.dts, this.#lastDts[position]!)
    this.#lastDts[position] = dts
    this.#usual[position] = this.#tracks[position]!.usual(frame)
    run.add(frame, dts)
  }

  /** Ends the fragment in hand. `next`: when the leading frame behind it is decoded, where there is one. */
  end(next: number | undefined): Fragment | undefined {
    const fragment = this.#open
    if (!fragment) return undefined
    this.#open = undefined
    const { lead, runs } = fragment
    lead.finish(next, this.#usual[0]!)
    for (let position = 1; position < runs.length; position++) runs[position]!.finish(undefined, this.#usual[position]!)
    fragment.wallEnd = this.#lastArrived + ((lead.endDts - lead.lastDts) * 1_000) / lead.timescale
    return fragment
  }

  /** Forgets the fragment in hand. */
  drop(): void {
    this.#open?.release()
    this.#open = undefined
  }
}
