import { type HlsPart, type HlsSegment, type ReloadQuery, writeMediaPlaylist } from '../../wire/hls/index.ts'
import { PART_TIME } from './part-cutter.ts'

/** Complete segments that the playlist has. */
const LISTED = 6
/** Complete segments that can still be had after they left the playlist: somebody may have read it a moment ago. */
const EXPIRED = 2
/** Discontinuity sequence numbers at which windows begin. */
const DISCONTINUITIES = 1_000
/** Bytes that a window may keep. Beyond it the oldest segments go, down to two. */
const WINDOW_BYTES = 64 * 1024 * 1024
/** Target durations from the end within which parts are told (RFC 8216bis section 6.2.2). */
const PARTS_TOLD = 3

interface Part extends HlsPart {
  readonly bytes: Buffer
}

interface Segment extends HlsSegment {
  duration: number
  readonly parts: Part[]
}

/** What a player gets that waits for a playlist: it is there, it will be, or it is too far in the future. */
export type Availability = 'there' | 'later' | 'too-far'

/** The text of a playlist; `version` is another one whenever the text is. */
export interface Playlist {
  readonly bytes: Buffer
  readonly version: string
}

/** One part that is complete. */
export interface MadePart {
  /** Header and samples. */
  readonly bytes: Buffer
  /** Seconds. */
  readonly duration: number
  readonly independent: boolean
  /** Wall-clock milliseconds at which its first frame arrived. */
  readonly wall: number
}

/**
 * The last segments of a live stream, their parts, and the playlist that tells of them. Names never come again, not even
 * after a restart: numbers begin with the time, and grow more slowly than it.
 */
export class LiveWindow {
  /** Seconds, whole; grows when a segment is longer. */
  targetDuration = 2
  #partTarget = PART_TIME
  #segments: Segment[] = []
  #open: Segment | undefined
  readonly #inits = new Map<string, Buffer>()
  #map = ''
  #discontinuity = false
  /** Of the segments that left the window. */
  #discontinuities: number
  #sequence: number
  #part: number
  #playlist: Playlist | undefined

  /** `wall`: milliseconds since the epoch. */
  constructor(wall: number) {
    // Segments last longer than a second on average, parts longer than a tenth.
    this.#sequence = Math.floor(wall / 1_000)
    this.#part = Math.floor(wall / 100)
    // Another one after a restart. A player may keep an array by it (hls.js does), so it must not be large.
    this.#discontinuities = this.#sequence % DISCONTINUITIES
  }

  /** Complete segments that the playlist has. */
  get listed(): number {
    return Math.min(LISTED, this.#segments.length)
  }

  /** Bytes of media that are kept. */
  get bytes(): number {
    let bytes = 0
    for (const segment of this.#all()) bytes += sizeOf(segment)
    return bytes
  }

  /** The segment in hand has a part. */
  get hasOpenPart(): boolean {
    return this.#open !== undefined
  }

  /** Other parameters, or times that begin anew: what follows is read behind `init`. */
  beginSession(init: Buffer): void {
    this.endSegment()
    this.#discontinuity = this.#map !== ''
    this.#map = `init${this.#sequence}.mp4`
    this.#inits.set(this.#map, init)
  }

  addPart({ bytes, duration, independent, wall }: MadePart): void {
    this.#playlist = undefined
    this.#open ??= this.#newSegment(wall)
    this.#open.parts.push({ uri: this.#hint, bytes, duration, independent })
    this.#open.duration += duration
    this.#part++
    this.#partTarget = Math.max(this.#partTarget, Math.ceil(duration * 1e5) / 1e5)
    this.#stretch(this.#open.duration)
  }

  /** The segment in hand is complete. */
  endSegment(): void {
    if (!this.#open) return
    this.#playlist = undefined
    this.#segments.push(this.#open)
    this.#open = undefined
    let bytes = this.bytes
    while (this.#segments.length > LISTED + EXPIRED || (bytes > WINDOW_BYTES && this.#segments.length > 2)) {
      const gone = this.#segments.shift()!
      bytes -= sizeOf(gone)
      if (gone.discontinuity) this.#discontinuities++
      if (!this.#all().some(({ map }) => map === gone.map) && gone.map !== this.#map) this.#inits.delete(gone.map)
    }
  }

  /** The playlist now; undefined before the first segment is complete. The same bytes until something changes. */
  playlist(): Playlist | undefined {
    const newest = this.#segments.at(-1)
    if (!newest) return undefined
    this.#playlist ??= { bytes: Buffer.from(this.#write()), version: `${newest.sequence}-${this.#part}` }
    return this.#playlist
  }

  /** Whether the playlist has what a player waits for. A part behind the last of its segment is the first of the next. */
  availability({ sequence, part }: ReloadQuery): Availability {
    const next = this.#open?.sequence ?? this.#sequence
    if (sequence < next) {
      const segment = this.#segments.find(each => each.sequence === sequence)
      const beyond = segment !== undefined && part !== undefined && part >= segment.parts.length
      return beyond && sequence + 1 === next && !this.#open ? 'later' : 'there'
    }
    if (sequence > next + 1) return 'too-far'
    return sequence === next && part !== undefined && part < (this.#open?.parts.length ?? 0) ? 'there' : 'later'
  }

  /** The bytes of what a playlist names, in pieces; `later` for the part that comes next; undefined for all else. */
  find(name: string): readonly Buffer[] | 'later' | undefined {
    if (name === this.#hint) return 'later'
    const init = this.#inits.get(name)
    if (init) return [init]
    for (const segment of this.#all()) {
      if (segment.uri === name) return segment === this.#open ? undefined : segment.parts.map(({ bytes }) => bytes)
      const part = segment.parts.find(({ uri }) => uri === name)
      if (part) return [part.bytes]
    }
    return undefined
  }

  /** Bit rates over the complete segments, bit/s: the highest and the average. */
  bandwidth(): { readonly peak: number; readonly average: number } {
    let peak = 0
    let bytes = 0
    let seconds = 0
    for (const segment of this.#segments) {
      const size = sizeOf(segment)
      bytes += size
      seconds += segment.duration
      // A short one is mostly its key frame.
      if (segment.duration >= this.targetDuration / 2) peak = Math.max(peak, (size * 8) / segment.duration)
    }
    const average = seconds > 0 ? (bytes * 8) / seconds : 0
    return { peak: Math.max(peak, average), average }
  }

  get #hint(): string {
    return `part${this.#part}.mp4`
  }

  #all(): Segment[] {
    return this.#open ? [...this.#segments, this.#open] : this.#segments
  }

  #newSegment(wall: number): Segment {
    const sequence = this.#sequence++
    const discontinuity = this.#discontinuity
    this.#discontinuity = false
    return { sequence, uri: `segment${sequence}.mp4`, duration: 0, wall, map: this.#map, discontinuity, parts: [] }
  }

  #stretch(duration: number): void {
    this.targetDuration = Math.max(this.targetDuration, Math.round(duration))
  }

  #write(): string {
    const { targetDuration } = this
    const past = this.#segments.slice(0, -LISTED)
    let behind = this.#open?.duration ?? 0
    const segments = this.#segments
      .slice(-LISTED)
      .reverse()
      .map(segment => {
        const told = behind <= PARTS_TOLD * targetDuration
        behind += segment.duration
        return told ? segment : { ...segment, parts: [] }
      })
    return writeMediaPlaylist({
      targetDuration,
      partTarget: this.#partTarget,
      discontinuitySequence: this.#discontinuities + past.filter(({ discontinuity }) => discontinuity).length,
      segments: segments.reverse(),
      open: this.#open,
      hint: this.#hint,
    })
  }
}

function sizeOf({ parts }: Segment): number {
  return parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
}
