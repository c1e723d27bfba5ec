import { RTP_HEADER_SIZE, writeRtpHeader } from './header.ts'

/** Payload bytes of a packet unless said otherwise: with RTP, UDP and IP headers it fits an Ethernet frame. */
const DEFAULT_PAYLOAD_LIMIT = 1400

export interface PacketWriterOptions {
  readonly payloadType: number
  readonly ssrc: number
  /** Sequence number of the first packet. */
  readonly sequence: number
  /** Interleaved channel (RFC 2326 section 10.12); undefined writes bare packets, for datagrams. */
  readonly channel?: number | undefined
  /** Most payload bytes of a packet, 64 to 65 000. */
  readonly payloadLimit?: number | undefined
}

/**
 * Where packetizers write: the RTP packets of one track for one receiver, one behind the other in one buffer, so that a
 * frame is one write to the socket. Keeps the sequence number and what sender reports need.
 */
export class PacketWriter {
  readonly payloadType: number
  readonly ssrc: number
  readonly payloadLimit: number
  readonly #channel: number
  /** Sequence number of the next packet, 16 bits. */
  sequence: number
  /** Packets and payload bytes since the beginning, as sender reports count them (modulo 2^32). */
  packetCount = 0
  octetCount = 0
  /** Being written. Valid until `take`. */
  buffer: Buffer = Buffer.alloc(0)
  /** Bytes of `buffer` that are written. */
  length = 0
  /** Start of each packet in `buffer`, for datagrams; not filled when interleaved. */
  starts: number[] = []

  constructor(options: PacketWriterOptions) {
    this.payloadType = options.payloadType
    this.ssrc = options.ssrc
    this.sequence = options.sequence & 0xffff
    this.payloadLimit = Math.min(65_000, Math.max(64, options.payloadLimit ?? DEFAULT_PAYLOAD_LIMIT))
    this.#channel = options.channel ?? -1
  }

  /** Bytes that stand in front of each payload. */
  get overhead(): number {
    return this.#channel < 0 ? RTP_HEADER_SIZE : RTP_HEADER_SIZE + 4
  }

  /** Makes room for `size` more bytes, headers included: one allocation for a whole frame. */
  reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const next = Buffer.allocUnsafe(Math.max(this.length + size, this.length === 0 ? 0 : this.buffer.length * 2))
    this.buffer.copy(next, 0, 0, this.length)
    this.buffer = next
  }

  /**
   * Writes the headers of a packet with `size` bytes of payload; the caller writes these into `buffer` at the offset that
   * it gets. `timestamp` is taken modulo 2^32.
   */
  begin(timestamp: number, marker: boolean, size: number): number {
    const at = this.beginRaw(size + RTP_HEADER_SIZE)
    writeRtpHeader(this.buffer, at, this.payloadType, marker, this.sequence, timestamp, this.ssrc)
    this.count(size)
    return at + RTP_HEADER_SIZE
  }

  /** Makes room for a packet of `size` bytes that brings its own RTP header; gives its offset. */
  beginRaw(size: number): number {
    this.reserve(size + 4)
    const { buffer } = this
    let at = this.length
    if (this.#channel < 0) this.starts.push(at)
    else {
      buffer[at] = 0x24
      buffer[at + 1] = this.#channel
      buffer[at + 2] = size >>> 8
      buffer[at + 3] = size
      at += 4
    }
    this.length = at + size
    return at
  }

  /** A packet with `size` bytes of payload was written. */
  count(size: number): void {
    this.sequence = (this.sequence + 1) & 0xffff
    this.packetCount = (this.packetCount + 1) >>> 0
    this.octetCount = (this.octetCount + size) >>> 0
  }

  /** What was written since the last `take`. The memory is the caller's from now on. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length)
    this.buffer = this.buffer.subarray(this.length)
    this.length = 0
    this.starts = []
    return taken
  }

  /** Like `take`, as one view for each packet: datagrams. Only for a writer without channel. */
  takePackets(): Buffer[] {
    const { starts } = this
    const all = this.take()
    return starts.map((start, index) => all.subarray(start, starts[index + 1] ?? all.length))
  }
}
