import type { RtpHeader } from './header.ts'
import type { ReceptionReport } from './rtcp.ts'

/** A step forward by more than this is a sender that began anew, not lost packets (MAX_DROPOUT of RFC 3550 A.1). */
const MAX_DROPOUT = 3000
/** A step back by up to this is a late or doubled packet (MAX_MISORDER of RFC 3550 A.1). */
const MAX_MISORDER = 100
/** Packets back of which it is remembered whether they came. */
const HISTORY = 32

/** What {@link RtpReceiver.receive} gives for a packet that must not be used. */
export const DROP = -1

/**
 * Watches the sequence numbers of one track: what is lost, doubled or late, and the figures of receiver reports
 * (RFC 3550 A.1, A.3, A.8). Over TCP nothing arrives out of order, so a packet behind the newest is dropped, not sorted in.
 */
export class RtpReceiver {
  readonly #clockRate: number
  #started = false
  /** Highest sequence number, with the wraps counted in its upper bits. */
  #highest = 0
  #base = 0
  /** Bit n: the packet n behind the highest came. */
  #history = 0
  #received = 0
  #expectedBefore = 0
  #receivedBefore = 0
  #transit = 0
  #jitter = 0
  #lastReport = 0
  #lastReportArrival = -1

  /** Source of the packets; changes when another took over. */
  ssrc = 0
  /** Packets that never came, or came too late to be used. */
  lost = 0
  /** Packets that came twice. */
  duplicates = 0
  /** Packets that came behind a later one, and were dropped. */
  late = 0
  /** Times that the sender began anew: another SSRC, or a jump of the sequence numbers. */
  restarts = 0
  /** Packets are received as they arrive; while they are not, arrivals say nothing of the network and jitter is not measured. */
  punctual = true
  /** The packet received last was the first after such a restart. */
  restarted = false

  /** `clockRate`: ticks a second of the RTP timestamps. */
  constructor(clockRate: number) {
    this.#clockRate = clockRate
  }

  /** Packets received from the present source, doubled and late ones included. */
  get received(): number {
    return this.#received
  }

  /** Interarrival jitter in milliseconds. */
  get jitter(): number {
    return (this.#jitter / this.#clockRate) * 1000
  }

  /**
   * Counts a packet. Gives how many packets right before it are missing (0 when all is well; after a restart at least 1,
   * as nobody knows), or {@link DROP}. `arrival`: monotonic milliseconds.
   */
  receive(header: RtpHeader, arrival: number): number {
    this.restarted = false
    const { sequence } = header
    if (!this.#started) {
      this.#started = true
      this.#restart(header, arrival)
      return 0
    }
    if (header.ssrc !== this.ssrc) return this.#again(header, arrival)
    const step = (sequence - this.#highest) & 0xffff
    if (step === 1) {
      this.#highest++
      this.#history = (this.#history << 1) | 1
      this.#received++
      this.#measure(header.timestamp, arrival)
      return 0
    }
    if (step === 0 || step > 0xffff - MAX_MISORDER) {
      const back = (0x10000 - step) & 0xffff
      this.#received++
      if (back < HISTORY && this.#history & (1 << back)) this.duplicates++
      else {
        this.late++
        if (back < HISTORY) this.#history |= 1 << back
      }
      return DROP
    }
    if (step > MAX_DROPOUT) return this.#again(header, arrival)
    const missing = step - 1
    this.#highest += step
    this.#history = step < HISTORY ? (this.#history << step) | 1 : 1
    this.#received++
    this.lost += missing
    this.#measure(header.timestamp, arrival)
    return missing
  }

  /** A sender report came; `ntpMiddle` are the middle 32 bits of its NTP time. `arrival`: monotonic milliseconds. */
  senderReport(ntpMiddle: number, arrival: number): void {
    this.#lastReport = ntpMiddle
    this.#lastReportArrival = arrival
  }

  /** The report block about this source, for the time since the last one. Undefined before the first packet. */
  report(now: number): ReceptionReport | undefined {
    if (!this.#started) return undefined
    const expected = this.#highest - this.#base + 1
    const expectedNow = expected - this.#expectedBefore
    const lostNow = expectedNow - (this.#received - this.#receivedBefore)
    this.#expectedBefore = expected
    this.#receivedBefore = this.#received
    const seen = this.#lastReportArrival >= 0
    return {
      ssrc: this.ssrc,
      fractionLost: expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received)),
      highestSequence: this.#highest % 2 ** 32,
      jitter: Math.floor(this.#jitter) % 2 ** 32,
      lastSenderReport: seen ? this.#lastReport : 0,
      delaySinceSenderReport: seen
        ? Math.min(0xffffffff, Math.max(0, Math.round(((now - this.#lastReportArrival) * 65_536) / 1000)))
        : 0,
    }
  }

  #again(header: RtpHeader, arrival: number): number {
    this.restarted = true
    this.restarts++
    this.#restart(header, arrival)
    return 1
  }

  #restart(header: RtpHeader, arrival: number): void {
    this.ssrc = header.ssrc
    this.#base = header.sequence
    this.#highest = header.sequence
    this.#history = 1
    this.#received = 1
    this.#expectedBefore = 0
    this.#receivedBefore = 0
    this.#jitter = 0
    this.#lastReport = 0
    this.#lastReportArrival = -1
    this.#transit = this.#ticks(arrival) - header.timestamp
  }

  #measure(timestamp: number, arrival: number): void {
    const transit = this.#ticks(arrival) - timestamp
    const step = Math.abs((transit - this.#transit) | 0)
    this.#transit = transit
    if (this.punctual) this.#jitter += (step - this.#jitter) / 16
  }

  #ticks(arrival: number): number {
    return Math.floor((arrival * this.#clockRate) / 1000)
  }
}
