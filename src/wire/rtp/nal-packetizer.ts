import { nextNal } from '../bitstream/index.ts'
import type { CodecParameters } from '../track.ts'
import type { PacketWriter } from './packet-writer.ts'
import { copyBytes, type Packetizer } from './packetizer.ts'

/**
 * What the H.264 and H.265 payload formats have in common when sending: NAL units that fit go in a packet of their own,
 * longer ones in fragments, parameter sets together in one aggregation packet where they fit.
 */
export abstract class NalPacketizer implements Packetizer {
  #parameters: CodecParameters | undefined
  #sets: readonly Uint8Array[] = []

  get parameters(): CodecParameters | undefined {
    return this.#parameters
  }

  set parameters(parameters: CodecParameters | undefined) {
    this.#parameters = parameters
    this.#sets = parameters ? this.parameterSets(parameters) : []
  }

  /** The parameter sets in the order in which they are sent. */
  protected abstract parameterSets(parameters: CodecParameters): readonly Uint8Array[]
  /** Writes the header of a fragment; gives the bytes it has. */
  protected abstract writeFragmentHeader(
    target: Buffer,
    at: number,
    nal: Uint8Array,
    nalStart: number,
    flags: number,
  ): void
  /** Writes the header of an aggregation packet for these NAL units. */
  protected abstract writeAggregationHeader(target: Buffer, at: number, nals: readonly Uint8Array[]): void
  /** Bytes of a NAL unit header. */
  protected abstract readonly nalHeaderSize: number

  packetize(
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    key: boolean,
    writer: PacketWriter,
  ): void {
    const sets = key ? this.#sets : []
    // Each packet adds its headers; there are at most as many as full fragments and NAL units.
    const packets = Math.ceil((end - start) / (writer.payloadLimit - 3)) + 4 + sets.length
    const setBytes = sets.reduce((sum, set) => sum + set.length + 2, 3)
    writer.reserve(end - start + setBytes + packets * (writer.overhead + 3))
    if (sets.length > 0) this.#writeSets(sets, timestamp, writer)
    let at = start
    while (at < end) {
      const next = nextNal(bytes, at, end)
      if (next < 0) return
      if (next > at + 4) this.#writeNal(bytes, at + 4, next, timestamp, next === end, writer)
      at = next
    }
  }

  #writeSets(sets: readonly Uint8Array[], timestamp: number, writer: PacketWriter): void {
    const size = sets.reduce((sum, set) => sum + set.length + 2, this.nalHeaderSize)
    if (sets.length === 1 || size > writer.payloadLimit) {
      for (const set of sets) this.#writeNal(set, 0, set.length, timestamp, false, writer)
      return
    }
    let at = writer.begin(timestamp, false, size)
    const { buffer } = writer
    this.writeAggregationHeader(buffer, at, sets)
    at += this.nalHeaderSize
    for (const set of sets) {
      buffer[at] = set.length >>> 8
      buffer[at + 1] = set.length
      copyBytes(set, 0, set.length, buffer, at + 2)
      at += 2 + set.length
    }
  }

  #writeNal(
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    last: boolean,
    writer: PacketWriter,
  ): void {
    const limit = writer.payloadLimit
    if (end - start <= limit) {
      const at = writer.begin(timestamp, last, end - start)
      copyBytes(bytes, start, end, writer.buffer, at)
      return
    }
    // The NAL header travels inside the fragment header.
    const header = this.nalHeaderSize + 1
    let at = start + this.nalHeaderSize
    let flags = 0x80
    while (at < end) {
      const size = Math.min(limit - header, end - at)
      const ends = at + size === end
      if (ends) flags |= 0x40
      const target = writer.begin(timestamp, ends && last, size + header)
      this.writeFragmentHeader(writer.buffer, target, bytes, start, flags)
      copyBytes(bytes, at, at + size, writer.buffer, target + header)
      at += size
      flags = 0
    }
  }
}
