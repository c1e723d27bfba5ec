import type { CodecParameters } from '../track.ts'

/**
 * Where a depacketizer assembles one access unit. It is memory of the camera's own frame store, so the bytes of a packet
 * are copied once: from the socket's buffer to the place from which they go to disk and to viewers.
 * Offsets count from the start of the unit.
 */
export interface AccessUnitBuffer {
  /** Bytes written so far. */
  readonly length: number
  /** Copies `source[start, end)` behind what is there. */
  append(source: Uint8Array, start: number, end: number): void
  appendUint8(value: number): void
  /** Big-endian. */
  appendUint32(value: number): void
  /** Overwrites four bytes that are there already, big-endian. */
  setUint32(offset: number, value: number): void
  /** Forgets everything from `length` on. */
  truncate(length: number): void
  /** A view of `[start, end)`, good until the next append. */
  view(start: number, end: number): Uint8Array
}

/** What is known of a finished access unit; its bytes are in the {@link AccessUnitBuffer}. */
export interface AccessUnit {
  /** RTP timestamp as received: 32 bits, not unwrapped. */
  readonly timestamp: number
  /** A decoder can start here (IDR, CRA, BLA; every audio frame). */
  readonly key: boolean
}

/** Takes what a depacketizer makes. All calls come synchronously from inside `push` or `flush`. */
export interface AccessUnitSink {
  readonly buffer: AccessUnitBuffer
  /** The bytes in `buffer` are one access unit; on return `buffer` is empty for the next one. */
  complete(unit: AccessUnit): void
  /** Decoder parameters came in band and differ from the last; called before `complete` of the unit they belong to. */
  parameters(parameters: CodecParameters): void
  /** A unit (or a NAL unit of it) was discarded: lost packets, or bytes that are no such payload. One short reason. */
  damaged(reason: string): void
}

/**
 * Puts RTP payloads of one track together to access units. Video comes out as NAL units, each behind its length in four
 * bytes (the form of MP4 samples, ISO/IEC 14496-15), without access unit delimiters, and without parameter sets (they go to
 * `parameters`). Audio comes out as one codec frame a unit. Survives any bytes; never throws.
 */
export interface Depacketizer {
  /** True for codec `other`: `push` wants `[start, end)` to be the whole RTP packet, header included, not its payload. */
  readonly wholePackets: boolean
  /**
   * One payload: `packet[start, end)`. `lost` says that packets before this one are missing.
   * The bytes are only good during the call.
   */
  push(packet: Uint8Array, start: number, end: number, timestamp: number, marker: boolean, lost: boolean): void
  /** The stream ended: completes the unit in hand if it is whole. */
  flush(): void
}
