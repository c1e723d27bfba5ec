import { findStartCode, splitAnnexB } from '../bitstream/index.ts'
import { NalDepacketizer } from './nal-depacketizer.ts'

/** Bytes of a NAL unit's length in an aggregation packet. */
const LENGTH = 2

/**
 * How H.264 and H.265 payloads hold NAL units (RFC 6184 section 5, RFC 7798 section 4.4): several in one packet, one in many
 * packets, and the ways cameras have of their own. The codecs differ in the size of a NAL header and in what the types mean.
 */
export abstract class NalPayloads extends NalDepacketizer {
  /** Bytes of a NAL unit header; that of a fragment stands behind as many of the payload. */
  protected abstract readonly nalHeaderSize: number

  /** Takes a NAL unit that is whole. */
  protected abstract whole(bytes: Uint8Array, start: number, end: number): void
  /** A fragmented NAL unit begins: appends its header. False when the access unit turned out to be damaged. */
  protected abstract fragmentBegins(packet: Uint8Array, start: number, end: number): boolean

  /** FU-A, RFC 6184 section 5.8; fragmentation unit, RFC 7798 section 4.4.3. */
  protected fragmented(packet: Uint8Array, start: number, end: number): void {
    const at = start + this.nalHeaderSize
    if (end - at < 2) return this.damage('fragment too short')
    const header = packet[at]!
    if (header & 0x80) {
      this.endFragment()
      if (!this.fragmentBegins(packet, start, end)) return
    } else if (this.fragment < 0) return this.damage('fragment without a beginning')
    this.buffer.append(packet, at + 1, end)
    if (header & 0x40) this.endFragment()
  }

  /** STAP-A, RFC 6184 section 5.7.1; aggregation packet, RFC 7798 section 4.4.2. */
  protected aggregated(packet: Uint8Array, start: number, end: number): void {
    let at = start + this.nalHeaderSize
    while (at + LENGTH < end && !this.discarding) {
      const nal = at + LENGTH
      const next = nal + ((packet[at]! << 8) | packet[at + 1]!)
      if (next > end) return this.damage('aggregation packet with a false length')
      if (next - nal >= this.nalHeaderSize) this.whole(packet, nal, next)
      at = next
    }
  }

  /**
   * Some cameras leave start codes in: parameter sets and picture as one NAL unit, or one in front of each. True when there
   * were any, and the NAL units between them have been taken.
   */
  protected apart(bytes: Uint8Array, start: number, end: number): boolean {
    const code = findStartCode(bytes, start, end)
    if (code < 0) return false
    // A copy: what is in hand may be the end of the buffer that the NAL units go to.
    const rest = new Uint8Array(bytes.subarray(code, end))
    // Nothing stands in front of a start code but its own zeros, or a NAL unit, which begins with none here.
    if (bytes[start] !== 0) this.whole(bytes, start, code)
    for (const nal of splitAnnexB(rest)) {
      if (!this.discarding && nal.length > this.nalHeaderSize) this.whole(nal, 0, nal.length)
    }
    return true
  }
}
