import { BitReader } from '../bitstream/index.ts'
import type { AacFormat } from './aac-format.ts'
import type { AccessUnitSink, Depacketizer } from './depacketizer.ts'

/** Bytes of one frame: AAC has 6144 bits a channel; this is far above what eight channels need. */
const FRAME_LIMIT = 65_535
/** Frames of one packet. */
const COUNT_LIMIT = 256

/** AAC over RTP, RFC 3640 without interleaving: several frames a packet, or one frame over several packets. */
export class AacDepacketizer implements Depacketizer {
  readonly wholePackets = false
  readonly #sink: AccessUnitSink
  readonly #format: AacFormat
  /** Bytes of the frame that is in fragments, 0 while there is none. */
  #wanted = 0
  #timestamp = 0
  readonly #sizes: number[] = []

  constructor(sink: AccessUnitSink, format: AacFormat) {
    this.#sink = sink
    this.#format = format
  }

  push(packet: Uint8Array, start: number, end: number, timestamp: number, marker: boolean, lost: boolean): void {
    if (this.#wanted > 0 && (lost || timestamp !== this.#timestamp)) {
      this.#discard(lost ? 'packets lost' : 'frame not finished')
    }
    const data = this.#headers(packet, start, end)
    if (data < 0) return this.#discard('audio packet with a false header')
    const sizes = this.#sizes
    const { buffer } = this.#sink
    let at = data
    if (sizes.length === 1 && (this.#wanted > 0 || sizes[0]! > end - at)) {
      // Each fragment carries the size of the whole frame.
      if (this.#wanted === 0 && lost) return this.#discard('packets lost')
      if (this.#wanted > 0 && this.#wanted !== sizes[0]) return this.#discard('fragments of different frames')
      if (buffer.length + end - at > sizes[0]!) return this.#discard('frame longer than it says')
      this.#wanted = sizes[0]!
      this.#timestamp = timestamp
      buffer.append(packet, at, end)
      if (buffer.length === this.#wanted) {
        this.#wanted = 0
        this.#sink.complete({ timestamp, key: true })
      } else if (marker) this.#discard('frame not finished')
      return
    }
    if (this.#wanted > 0) this.#discard('frame not finished')
    for (let i = 0; i < sizes.length; i++) {
      const next = at + sizes[i]!
      if (next > end) return this.#discard('audio packet too short')
      if (next > at) {
        buffer.append(packet, at, next)
        this.#sink.complete({ timestamp: (timestamp + i * this.#format.duration) >>> 0, key: true })
      }
      at = next
    }
  }

  flush(): void {
    if (this.#wanted > 0) this.#discard('frame not finished')
  }

  #discard(reason: string): void {
    this.#wanted = 0
    this.#sink.buffer.truncate(0)
    this.#sink.damaged(reason)
  }

  /** Reads the AU headers into `#sizes`; gives where the data begin, or -1. */
  #headers(packet: Uint8Array, start: number, end: number): number {
    const { sizeLength, indexLength, indexDeltaLength } = this.#format
    const sizes = this.#sizes
    sizes.length = 0
    if (sizeLength + indexLength === 0) return this.#headerless(start, end)
    if (end - start < 2) return -1
    const bits = (packet[start]! << 8) | packet[start + 1]!
    let data = start + 2 + ((bits + 7) >> 3)
    if (bits === 0 || data > end) return -1
    const reader = new BitReader(packet, start + 2, data)
    for (let used = 0; used < bits; ) {
      const left = reader.left
      const size = sizeLength > 0 ? reader.bits(sizeLength) : this.#format.constantSize
      const index = reader.bits(sizes.length === 0 ? indexLength : indexDeltaLength)
      this.#skipExtras(reader, sizes.length === 0)
      if (reader.overrun) return -1
      // An index other than 0 is interleaving; size 0 with nothing behind it says nothing at all.
      if (index !== 0 || size > FRAME_LIMIT || sizes.length >= COUNT_LIMIT) return -1
      sizes.push(size)
      if (left === reader.left) return -1
      used += left - reader.left
    }
    if (this.#format.auxiliarySizeLength > 0) {
      const auxiliary = new BitReader(packet, data, end)
      const size = auxiliary.bits(this.#format.auxiliarySizeLength)
      data += (this.#format.auxiliarySizeLength + size + 7) >> 3
      if (auxiliary.overrun || data > end) return -1
    }
    return data
  }

  /** Frames of constant size without headers. */
  #headerless(start: number, end: number): number {
    const size = this.#format.constantSize || end - start
    if (size < 1 || (end - start) % size !== 0 || (end - start) / size > COUNT_LIMIT) return -1
    for (let at = start; at < end; at += size) this.#sizes.push(size)
    return start
  }

  #skipExtras(reader: BitReader, first: boolean): void {
    const format = this.#format
    // The first header's CTS flag must be 0; it is read as the others are.
    if (format.ctsDeltaLength > 0 && reader.flag() && !first) reader.skip(format.ctsDeltaLength)
    if (format.dtsDeltaLength > 0 && reader.flag()) reader.skip(format.dtsDeltaLength)
    if (format.randomAccess) reader.skip(1)
    reader.skip(format.streamStateLength)
  }
}
