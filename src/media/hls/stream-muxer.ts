import { messageOf } from '../../kernel/errors.ts'
import { fragmentHeader, liveInit } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import type { FrameReader } from '../hub/index.ts'
import { type Fragment, FragmentBuilder } from '../recorder/index.ts'
import { type HlsTracks, hlsTracks } from './hls-tracks.ts'
import { LiveWindow } from './live-window.ts'
import { PartCutter } from './part-cutter.ts'

/** A session of the stream as it is muxed. */
interface Muxed extends HlsTracks {
  readonly builder: FragmentBuilder
  /** Session time of the first frame, ticks of each track: time 0 for players. */
  bases: readonly number[] | undefined
}

/**
 * Makes parts and segments of one stream's frames, for all its players. It holds frames for the length of a part, then copies
 * them: one copy for any number of players, and none of the memory that recording lives on is held by a slow one.
 */
export class StreamMuxer implements FrameReader {
  readonly window: LiveWindow
  readonly #onSession: (session: MediaSession, tracks: HlsTracks | string) => void
  readonly #waiting = new Set<() => void>()
  readonly #cutter = new PartCutter()
  #muxed: Muxed | undefined
  #sequence = 0
  /** Why nothing can be played, for a person. */
  obstacle: string | undefined

  /** `wall`: now, milliseconds since the epoch. `onSession` hears what becomes of each session, for the log. */
  constructor(wall: number, onSession: (session: MediaSession, tracks: HlsTracks | string) => void = () => {}) {
    this.window = new LiveWindow(wall)
    this.#onSession = onSession
  }

  /** What the running session has; undefined while there is none. */
  get tracks(): HlsTracks | undefined {
    return this.#muxed
  }

  session(session: MediaSession): void {
    this.#finish(undefined)
    const tracks = hlsTracks(session)
    this.#onSession(session, tracks)
    if (typeof tracks === 'string') return this.#refuse(tracks)
    try {
      this.window.beginSession(liveInit(tracks.described))
    } catch (error) {
      // Parameters that fit no box are the camera's; its recording says the same.
      return this.#refuse(messageOf(error))
    }
    this.obstacle = undefined
    this.#cutter.session()
    this.#muxed = { ...tracks, builder: new FragmentBuilder(session, tracks.tracks), bases: undefined }
  }

  frame(frame: Frame): void {
    const muxed = this.#muxed
    if (!muxed) return
    const position = muxed.tracks.findIndex(({ index }) => index === frame.track)
    if (position === 0) this.#lead(muxed, frame)
    else if (position > 0 && muxed.bases && frame.dts >= muxed.bases[position]!)
      muxed.builder.addBeside(frame, position)
  }

  joined(): void {
    if (this.window.hasOpenPart) {
      this.window.endSegment()
      this.#cutter.ended()
      this.#wake()
    } else this.#cutter.endEarly()
  }

  ended(): void {
    this.#finish(undefined)
    this.#muxed = undefined
    this.window.endSegment()
    this.#wake()
  }

  /** Gives the memory of frames back and lets everybody go who waits. Nothing may come behind it. */
  close(): void {
    this.#muxed?.builder.drop()
    this.#muxed = undefined
    this.#wake()
  }

  /** Calls `run` when there is more in the window, once. Returns the way to be forgotten. */
  onChange(run: () => void): () => void {
    this.#waiting.add(run)
    return () => this.#waiting.delete(run)
  }

  #lead(muxed: Muxed, frame: Frame): void {
    const { builder, tracks } = muxed
    const { timescale } = tracks[0]!
    if (!muxed.bases) {
      if (!frame.key) return
      muxed.bases = tracks.map(track => Math.round((frame.dts / timescale) * track.timescale))
    }
    const dts = Math.max(frame.dts, builder.last)
    const cut = this.#cutter.next(dts / timescale, frame.key, frame.end - frame.start)
    if (cut !== 'append') {
      this.#finish(dts)
      if (cut === 'segment') this.window.endSegment()
      this.#wake()
    }
    if (!builder.collecting) builder.begin(frame, undefined, true)
    builder.addLead(frame, dts)
  }

  /** Completes the part in hand. `next`: when the frame behind it is decoded. */
  #finish(next: number | undefined): void {
    const fragment = this.#muxed?.builder.end(next)
    if (!fragment) return
    try {
      this.window.addPart(this.#part(fragment, this.#muxed!.bases!))
    } finally {
      fragment.release()
    }
  }

  #part(fragment: Fragment, bases: readonly number[]) {
    const { lead, wallStart: wall } = fragment
    const pieces: Uint8Array[] = [fragmentHeader(++this.#sequence, fragment.mp4Runs(bases))]
    fragment.buffers(pieces)
    return {
      bytes: Buffer.concat(pieces),
      duration: (lead.endDts - lead.dts) / lead.timescale,
      independent: lead.samples.key(0),
      wall,
    }
  }

  #refuse(obstacle: string): void {
    this.obstacle = obstacle
    this.#muxed = undefined
    this.#wake()
  }

  #wake(): void {
    // What is woken may wait again.
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const run of waiting) run()
  }
}
