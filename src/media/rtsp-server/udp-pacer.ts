import type { Clock, Timer } from '../../kernel/clock.ts'

/** Bytes that go out at once: a usual key frame, and well below a receiver's usual buffer. */
const BURST = 128 * 1024
/** Bytes a millisecond beyond that: 64 Mbps, more than cameras send. */
const RATE = 8_000
/** Milliseconds between two looks at what waits. */
const PERIOD = 4

/**
 * Spreads what a UDP reader gets: the group of pictures at the beginning and huge key frames would flow over its receive
 * buffer if they came in one go (measured: hundreds of packets lost on loopback). Ordinary frames pass at once.
 */
export class UdpPacer {
  readonly #clock: Clock
  /** Sends the packet behind the interleaved header at `at`. */
  readonly #sendPacket: (packets: Buffer, at: number) => void
  readonly #queue: Buffer[] = []
  #queued = 0
  #credit = BURST
  #creditAt: number
  #timer: Timer | undefined

  constructor(clock: Clock, sendPacket: (packets: Buffer, at: number) => void) {
    this.#clock = clock
    this.#sendPacket = sendPacket
    this.#creditAt = clock.monotonic()
  }

  /** Bytes that wait for their time. */
  get pending(): number {
    return this.#queued
  }

  /** Takes whole packets behind interleaved headers. What cannot go now is copied: the buffer is the caller's again. */
  send(packets: Buffer): void {
    const sent = this.#queue.length > 0 ? 0 : this.#sendNow(packets)
    if (sent === packets.length) return
    this.#queue.push(Buffer.from(packets.subarray(sent)))
    this.#queued += packets.length - sent
    this.#timer ??= this.#clock.every(PERIOD, () => this.#drain()).unref()
  }

  close(): void {
    this.#timer?.cancel()
    this.#queue.length = 0
    this.#queued = 0
  }

  #drain(): void {
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      const sent = this.#sendNow(first)
      this.#queued -= sent
      if (sent < first.length) {
        this.#queue[0] = first.subarray(sent)
        return
      }
      this.#queue.shift()
    }
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** Sends packets as long as there is credit; gives the bytes of those that went. */
  #sendNow(packets: Buffer): number {
    const now = this.#clock.monotonic()
    this.#credit = Math.min(BURST, this.#credit + (now - this.#creditAt) * RATE)
    this.#creditAt = now
    let at = 0
    while (at + 4 <= packets.length && this.#credit > 0) {
      const next = at + 4 + packets.readUInt16BE(at + 2)
      if (next > packets.length) return packets.length
      this.#sendPacket(packets, at)
      this.#credit -= next - at
      at = next
    }
    return at + 4 > packets.length ? packets.length : at
  }
}
