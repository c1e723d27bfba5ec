import type { CodecParameters } from '../track.ts'
import type { AccessUnitBuffer, AccessUnitSink, Depacketizer } from './depacketizer.ts'

/** NAL units of one access unit; a slice for each packet of the largest pictures stays below. */
const NAL_LIMIT = 4096

/** Bytes of one access unit, a little below what a frame store takes. */
const UNIT_LIMIT = 16 * 1024 * 1024 - 64 * 1024

const LOST = 'packets lost'

/**
 * What the H.264 and H.265 payload formats have in common: where access units end, what a lost packet costs, and the
 * assembly of NAL units behind their lengths. The two codecs say what the payloads and the NAL units mean.
 *
 * A unit ends with the marker bit, or where the timestamp changes. One that has lost anything is discarded whole: half a
 * picture would be recorded as damage that spreads until the next key frame.
 */
export abstract class NalDepacketizer implements Depacketizer {
  readonly wholePackets = false
  protected readonly sink: AccessUnitSink
  protected readonly buffer: AccessUnitBuffer
  /** The unit in hand holds a picture from which a decoder can start. */
  protected key = false
  /** Offset of the length field of the fragmented NAL unit in hand, or -1. */
  protected fragment = -1
  /** Nothing more is taken into the unit in hand. */
  protected discarding = false

  #timestamp = -1
  #begun = false
  #slices = 0
  #nals = 0
  /** Packets before the first of this unit are missing: its head must prove to be here. */
  #headInDoubt = true
  /** Timestamp of the last unit that a marker bit ended, or -1. */
  #markedTimestamp = -1
  /** This camera ends its pictures with the marker bit. */
  #marks = false
  /** This camera sets the marker bit inside of pictures, so that only the timestamp tells their end. */
  #markerLies = false

  constructor(sink: AccessUnitSink) {
    this.sink = sink
    this.buffer = sink.buffer
  }

  /** Takes one payload apart. At least one byte. */
  protected abstract payload(packet: Uint8Array, start: number, end: number): void
  /** A fragmented NAL unit stands complete at `[start, buffer.length)`, behind its length field at `start - 4`. */
  protected abstract fragmentDone(start: number): void
  /** The unit in hand is about to be handed on or to be forgotten. */
  protected abstract unitDone(): void
  /** Parameters that changed with the unit in hand; undefined when none did, or when they are incomplete. */
  protected abstract takeParameters(): CodecParameters | undefined

  push(packet: Uint8Array, start: number, end: number, timestamp: number, marker: boolean, lost: boolean): void {
    if (this.#begun && timestamp !== this.#timestamp) {
      // No marker bit ended the last unit. When packets are missing as well, its tail may be among them.
      if (lost) this.damage(LOST)
      this.#end()
    }
    if (!this.#begun) {
      this.#begun = true
      this.#timestamp = timestamp
      if (lost) {
        this.#headInDoubt = true
        // What waits here for its picture may have lost it.
        this.buffer.truncate(0)
        this.#nals = 0
      }
    } else if (lost) {
      this.damage(LOST)
    }
    if (!this.discarding && end > start) {
      if (this.buffer.length + (end - start) > UNIT_LIMIT) this.damage('access unit too large')
      else this.payload(packet, start, end)
    }
    if (marker && !this.#markerLies) {
      const picture = this.#slices > 0
      this.#end()
      if (picture) this.#marks = true
      this.#markedTimestamp = picture ? timestamp : -1
    }
  }

  flush(): void {
    if (!this.#begun) return
    // Without its end bit a NAL unit is not whole, and without the marker bit of a camera that sets it a picture is not.
    if (this.fragment >= 0 || (this.#marks && this.#slices > 0)) this.damage('stream ended inside a picture')
    this.#end()
  }

  /** Discards the unit in hand and all that still comes of it. */
  protected damage(reason: string): void {
    if (this.discarding) return
    this.discarding = true
    this.fragment = -1
    this.buffer.truncate(0)
    this.sink.damaged(reason)
  }

  /** Appends a NAL unit that is whole in this packet. */
  protected appendNal(packet: Uint8Array, start: number, end: number): void {
    if (++this.#nals > NAL_LIMIT) return this.damage('too many NAL units')
    this.buffer.appendUint32(end - start)
    this.buffer.append(packet, start, end)
  }

  /** Begins a fragmented NAL unit; its header and bytes are appended next. */
  protected beginFragment(): void {
    if (++this.#nals > NAL_LIMIT) return this.damage('too many NAL units')
    this.fragment = this.buffer.length
    this.buffer.appendUint32(0)
  }

  /** Ends the fragmented NAL unit, if one is in hand. */
  protected endFragment(): void {
    const start = this.fragment
    if (start < 0) return
    this.fragment = -1
    this.buffer.setUint32(start, this.buffer.length - start - 4)
    this.fragmentDone(start + 4)
  }

  /** Takes the NAL unit at `start - 4` to the end out of the unit again. */
  protected dropFragment(start: number): void {
    this.#nals--
    this.buffer.truncate(start - 4)
  }

  /** A slice begins. `first`: it is the first of its picture. False when the unit turned out to be damaged. */
  protected slice(first: boolean): boolean {
    if (this.#slices === 0 && !first) {
      if (this.#headInDoubt) {
        this.damage(LOST)
        return false
      }
      if (this.#timestamp === this.#markedTimestamp) {
        this.#markerLies = true
        this.#marks = false
        this.damage('marker bit inside a picture')
        return false
      }
    }
    this.#slices++
    this.#headInDoubt = false
    return true
  }

  #end(): void {
    // A sender that leaves out the end bit of a fragment, with no packet lost: the NAL unit is what came.
    this.endFragment()
    if (this.discarding) {
      this.unitDone()
      this.buffer.truncate(0)
      this.#nals = 0
    } else if (this.#slices > 0) {
      this.unitDone()
      const parameters = this.takeParameters()
      if (parameters) this.sink.parameters(parameters)
      this.sink.complete({ timestamp: this.#timestamp, key: this.key })
      this.#nals = 0
    }
    // A unit without any slice (SEI, parameter sets sent with a marker or time of their own) belongs to the picture that
    // follows: its bytes stay.
    this.#begun = false
    this.#slices = 0
    this.key = false
    this.discarding = false
  }
}
