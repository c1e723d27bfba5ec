import type { AccessUnitBuffer, AccessUnitSink, Depacketizer } from '../../../src/wire/rtp/index.ts'
import { emptyRtpHeader, parseRtpHeader } from '../../../src/wire/rtp/index.ts'
import type { Codec, CodecParameters, Track } from '../../../src/wire/track.ts'

/** An access unit buffer in plain memory. */
class MemoryBuffer implements AccessUnitBuffer {
  bytes = Buffer.alloc(1024)
  length = 0

  append(source: Uint8Array, start: number, end: number): void {
    this.#room(end - start)
    this.bytes.set(source.subarray(start, end), this.length)
    this.length += end - start
  }

  appendUint8(value: number): void {
    this.#room(1)
    this.bytes.writeUInt8(value & 0xff, this.length++)
  }

  appendUint32(value: number): void {
    this.#room(4)
    this.bytes.writeUInt32BE(value >>> 0, this.length)
    this.length += 4
  }

  setUint32(offset: number, value: number): void {
    this.bytes.writeUInt32BE(value >>> 0, offset)
  }

  truncate(length: number): void {
    this.length = Math.min(this.length, length)
  }

  view(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, end)
  }

  #room(size: number): void {
    if (this.length + size <= this.bytes.length) return
    const next = Buffer.alloc((this.length + size) * 2)
    this.bytes.copy(next)
    this.bytes = next
  }
}

export interface CollectedUnit {
  timestamp: number
  key: boolean
  bytes: Buffer
  /** Parameters that came with it. */
  parameters: CodecParameters | undefined
}

/** Keeps all that a depacketizer makes. */
export class Collector implements AccessUnitSink {
  readonly buffer = new MemoryBuffer()
  readonly units: CollectedUnit[] = []
  readonly damages: string[] = []
  #parameters: CodecParameters | undefined

  complete(unit: { timestamp: number; key: boolean }): void {
    const bytes = Buffer.from(this.buffer.view(0, this.buffer.length))
    this.buffer.truncate(0)
    this.units.push({ ...unit, bytes, parameters: this.#parameters })
    this.#parameters = undefined
  }

  parameters(parameters: CodecParameters): void {
    this.#parameters = parameters
  }

  damaged(reason: string): void {
    this.damages.push(reason)
  }
}

/** A track as an SDP would describe it. */
export function track(codec: Codec, more: Partial<Track> = {}): Track {
  const video = codec === 'h264' || codec === 'h265' || codec === 'other'
  return {
    index: 0,
    kind: video ? 'video' : 'audio',
    codec,
    encodingName: codec.toUpperCase(),
    payloadType: 96,
    clockRate: video ? 90_000 : 8_000,
    channels: video ? 0 : 1,
    control: '',
    fmtp: new Map(),
    ...more,
  }
}

/** Feeds whole RTP packets to a depacketizer; `lost` where a sequence number is missing. */
export function feed(depacketizer: Depacketizer, packets: Iterable<Uint8Array>): void {
  const header = emptyRtpHeader()
  let expected = -1
  for (const packet of packets) {
    if (!parseRtpHeader(packet, 0, packet.length, header)) throw new Error('no RTP packet')
    const lost = expected >= 0 && header.sequence !== expected
    expected = (header.sequence + 1) & 0xffff
    const start = depacketizer.wholePackets ? 0 : header.payloadStart
    const end = depacketizer.wholePackets ? packet.length : header.payloadEnd
    depacketizer.push(packet, start, end, header.timestamp, header.marker, lost)
  }
}

/** NAL units of a unit, as hex, for comparing. */
export function nalsOf(bytes: Buffer): string[] {
  const nals: string[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    nals.push(bytes.subarray(at + 4, at + 4 + length).toString('hex'))
    at += 4 + length
  }
  return nals
}

/** An access unit of these NAL units, each behind its length. */
export function unitOf(nals: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    nals.flatMap(nal => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(nal.length)
      return [length, nal]
    }),
  )
}
