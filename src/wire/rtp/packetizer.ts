import { Buffer } from 'node:buffer'
import type { CodecParameters } from '../track.ts'
import type { PacketWriter } from './packet-writer.ts'

/** Makes RTP packets of access units in the form in which a {@link Depacketizer} gives them. */
export interface Packetizer {
  /** Decoder parameters that are sent in front of each key frame (video only). May be replaced at any time. */
  parameters: CodecParameters | undefined
  /**
   * Writes the packets of the unit `bytes[start, end)`. `timestamp` is taken modulo 2^32. A unit that is not well formed
   * is written as far as it is; never throws.
   */
  packetize(bytes: Uint8Array, start: number, end: number, timestamp: number, key: boolean, writer: PacketWriter): void
}

/** Copies `bytes[start, end)` to `target` at `at`. */
export function copyBytes(bytes: Uint8Array, start: number, end: number, target: Buffer, at: number): void {
  if (Buffer.isBuffer(bytes)) bytes.copy(target, at, start, end)
  else target.set(bytes.subarray(start, end), at)
}

/**
 * Writes `bytes[start, end)` as packets of at most `limit` bytes, at least 1. `begin` begins the packet of the piece at
 * `offset` from the start, and gives where in the writer's buffer the piece goes.
 */
export function writePieces(
  bytes: Uint8Array,
  start: number,
  end: number,
  limit: number,
  writer: PacketWriter,
  begin: (offset: number, size: number, last: boolean) => number,
): void {
  for (let at = start; at < end; at += limit) {
    const size = Math.min(limit, end - at)
    const target = begin(at - start, size, at + size === end)
    copyBytes(bytes, at, at + size, writer.buffer, target)
  }
}
