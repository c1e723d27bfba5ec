import type { CodecParameters, Track } from '../track.ts'

/** A session description (RFC 8866) as far as a camera's matters. */
export interface SessionDescription {
  /** o= line, empty if absent. */
  readonly origin: string
  /** s= line, empty if absent. */
  readonly name: string
  /** a=control of the session, empty if absent. */
  readonly control: string
  /** a=range of the session, undefined if absent. */
  readonly range: string | undefined
  /** The media sections that can be set up, in their order. */
  readonly tracks: readonly Track[]
  /** Decoder parameters of `tracks`, at the same indices; undefined where the SDP gives none that are whole. */
  readonly parameters: readonly (CodecParameters | undefined)[]
  /** What was strange or is set aside, one sentence each; at most 32. */
  readonly notes: readonly string[]
}

/** What is read of a description at most; the rest is left out, with a note. */
export const SDP_LIMITS = { bytes: 262_144, line: 65_536, media: 64, notes: 32 } as const
