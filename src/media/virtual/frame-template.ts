import { Buffer } from 'node:buffer'
import type { Packetizer } from '../../wire/rtp/index.ts'
import { PacketWriter } from '../../wire/rtp/index.ts'
import { MARK_UUID, writeMarkNumber, writeMarkOwner } from './frame-mark.ts'

/** Bytes of an interleaved header (RFC 2326 section 10.12) and of an RTP header. */
const INTERLEAVED = 4
const HEADERS = INTERLEAVED + 12

/**
 * The RTP packets of one frame, prepared once and shared by all streams with equal settings: sending it is patching a few
 * bytes of each packet and one write. Holds all packets interleaved, one behind the other.
 */
export class FrameTemplate {
  /** Replaced by a copy whenever the layer below keeps it. */
  #bytes: Buffer
  /** Where each packet's interleaved header stands. */
  readonly #packets: Uint32Array
  /** Where the mark's UUID stands, or -1. */
  readonly #mark: number
  /** Payload bytes of all packets, as sender reports count them. */
  readonly octets: number
  readonly key: boolean
  /** Frames from sending order to showing order; the RTP timestamp is that much later. */
  readonly shift: number

  constructor(bytes: Buffer, key: boolean, shift: number) {
    this.#bytes = bytes
    this.#packets = Uint32Array.from(packetStarts(bytes))
    this.#mark = bytes.indexOf(MARK_UUID)
    this.octets = bytes.length - this.#packets.length * HEADERS
    this.key = key
    this.shift = shift
  }

  get packets(): number {
    return this.#packets.length
  }

  /** Bytes on the wire, interleaved headers included. */
  get length(): number {
    return this.#bytes.length
  }

  /** Gives all packets channel, sequence numbers from `sequence` on, timestamp and SSRC. */
  address(channel: number, sequence: number, timestamp: number, ssrc: number): Buffer {
    const bytes = this.#bytes
    for (let i = 0; i < this.#packets.length; i++) {
      const at = this.#packets[i]!
      const number = sequence + i
      bytes[at + 1] = channel
      bytes[at + 6] = number >>> 8
      bytes[at + 7] = number
      bytes[at + 8] = timestamp >>> 24
      bytes[at + 9] = timestamp >>> 16
      bytes[at + 10] = timestamp >>> 8
      bytes[at + 11] = timestamp
      bytes[at + 12] = ssrc >>> 24
      bytes[at + 13] = ssrc >>> 16
      bytes[at + 14] = ssrc >>> 8
      bytes[at + 15] = ssrc
    }
    return bytes
  }

  /** Writes who sends the frame, its number, and when (milliseconds since the epoch). */
  mark(owner: Buffer, number: number, wall: number): void {
    if (this.#mark < 0) return
    writeMarkOwner(this.#bytes, this.#mark, owner)
    writeMarkNumber(this.#bytes, this.#mark, number, wall)
  }

  /** The buffer that `address` gave now belongs to the socket: the next frame needs another. */
  surrender(): void {
    this.#bytes = Buffer.from(this.#bytes)
  }

  /** The packets for which `keep` says so, in a buffer of their own: for those that lose some. */
  selection(keep: () => boolean): Buffer {
    const parts: Buffer[] = []
    for (let i = 0; i < this.#packets.length; i++) {
      if (keep()) parts.push(this.#bytes.subarray(this.#packets[i], this.#packets[i + 1] ?? this.#bytes.length))
    }
    return Buffer.concat(parts)
  }
}

/** Makes a template of one access unit in the form that `packetizer` takes. */
export function frameTemplate(
  packetizer: Packetizer,
  unit: Uint8Array,
  options: { readonly payloadType: number; readonly key: boolean; readonly shift: number },
): FrameTemplate {
  const writer = new PacketWriter({ payloadType: options.payloadType, ssrc: 0, sequence: 0, channel: 0 })
  packetizer.packetize(unit, 0, unit.length, 0, options.key, writer)
  return new FrameTemplate(Buffer.from(writer.take()), options.key, options.shift)
}

function packetStarts(bytes: Buffer): number[] {
  const starts: number[] = []
  for (let at = 0; at < bytes.length; at += INTERLEAVED + bytes.readUInt16BE(at + 2)) starts.push(at)
  return starts
}
