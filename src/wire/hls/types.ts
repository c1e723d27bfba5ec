/** A piece of a segment that can be had before the segment is complete (RFC 8216bis section 3.1). */
export interface HlsPart {
  /** Relative to the playlist. */
  readonly uri: string
  /** Seconds. */
  readonly duration: number
  /** Decoding can begin with it. */
  readonly independent: boolean
}

/** A segment as a media playlist tells of it. */
export interface HlsSegment {
  /** Media sequence number. */
  readonly sequence: number
  /** Relative to the playlist. */
  readonly uri: string
  /** Seconds. */
  readonly duration: number
  /** Wall-clock milliseconds at which its first frame arrived. */
  readonly wall: number
  /** Uri of the init segment (EXT-X-MAP). */
  readonly map: string
  /** Nothing continues from the segment before: another session. */
  readonly discontinuity: boolean
  /** Empty where it is too old for them to be of use. */
  readonly parts: readonly HlsPart[]
}

/** A live media playlist, complete segments first. */
export interface MediaPlaylist {
  /** Seconds, whole: no segment is longer when rounded (section 4.4.3.1). */
  readonly targetDuration: number
  /** Seconds: no part is longer (section 4.4.3.7). */
  readonly partTarget: number
  /** Discontinuities that have left the playlist. */
  readonly discontinuitySequence: number
  /** At least one, in order, sequence numbers without holes. */
  readonly segments: readonly HlsSegment[]
  /** The segment that is being made; its `duration` and `uri` are not used. */
  readonly open: HlsSegment | undefined
  /** Uri of the part that comes next. */
  readonly hint: string
}

/** A stream as a multivariant playlist offers it. */
export interface HlsVariant {
  readonly uri: string
  /** Peak and average, bit/s. */
  readonly bandwidth: number
  readonly averageBandwidth: number
  /** RFC 6381 names, video first. */
  readonly codecs: readonly string[]
  /** Pixels; undefined for sound alone, or where nobody knows. */
  readonly resolution: readonly [width: number, height: number] | undefined
  /** Pictures a second, where known. */
  readonly frameRate: number | undefined
}
