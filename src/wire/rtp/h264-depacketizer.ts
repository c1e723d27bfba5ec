import {
  H264_NAL,
  H264_SLICE,
  h264PpsId,
  h264PpsSpsId,
  h264RecoveryPoint,
  h264SliceType,
  h264SpsId,
  isH264Slice,
} from '../h264/index.ts'
import type { CodecParameters, H264Parameters } from '../track.ts'
import type { AccessUnitSink } from './depacketizer.ts'
import { NalPayloads } from './nal-payloads.ts'
import { PARAMETER_SET_LIMIT, ParameterSets } from './parameter-sets.ts'

/**
 * Units without an IDR picture after which a camera is taken for one that sends none (or only one, at its start), so that
 * recovery points count as key frames, even those of gradual refresh.
 */
const NO_IDR_UNITS = 300

/** H.264 over RTP, RFC 6184: single NAL unit packets, STAP-A, FU-A. */
export class H264Depacketizer extends NalPayloads {
  protected readonly nalHeaderSize = 1
  readonly #sps: ParameterSets
  readonly #pps: ParameterSets
  #changed = false
  /** Units since the last IDR picture, or since the start. */
  #sinceIdr = 0
  #idrSeen = false
  /** The unit in hand is an IDR picture. */
  #idr = false
  /** recovery_frame_cnt of a recovery point in the unit in hand, or -1. */
  #recovery = -1
  /** Type of the fragmented NAL unit in hand. */
  #fragmentType = 0

  constructor(sink: AccessUnitSink, parameters?: H264Parameters) {
    super(sink)
    this.#sps = new ParameterSets(
      parameters ? [[h264SpsId(parameters.sps, 0, parameters.sps.length), parameters.sps]] : [],
    )
    this.#pps = new ParameterSets(parameters?.pps.map(pps => [h264PpsId(pps, 0, pps.length), pps] as const))
  }

  protected payload(packet: Uint8Array, start: number, end: number): void {
    const type = packet[start]! & 0x1f
    if (type === H264_NAL.fuA) this.fragmented(packet, start, end)
    else if (type >= 1 && type <= 23) {
      this.endFragment()
      this.whole(packet, start, end)
    } else if (type === H264_NAL.stapA) {
      this.endFragment()
      this.aggregated(packet, start, end)
    } else {
      this.endFragment()
      // No NAL unit has type 0, but a start code begins so.
      if (type !== 0 || !this.apart(packet, start, end)) this.damage(`packet type ${type} is not supported`)
    }
  }

  protected fragmentBegins(packet: Uint8Array, start: number, end: number): boolean {
    const type = packet[start + 1]! & 0x1f
    if (type === 0 || type > 23) this.damage('fragment of no NAL unit')
    else if (!isH264Slice(type) || this.#slice(type, packet, start + 1, end)) this.beginFragment()
    if (this.discarding) return false
    this.#fragmentType = type
    this.buffer.appendUint8((packet[start]! & 0xe0) | type)
    return true
  }

  protected whole(packet: Uint8Array, start: number, end: number): void {
    const type = packet[start]! & 0x1f
    if (isH264Slice(type)) {
      if (!this.#slice(type, packet, start, end)) return
    } else if (type === H264_NAL.accessUnitDelimiter) return
    else if (type === H264_NAL.sps || type === H264_NAL.pps) return this.#parameterSet(type, packet, start, end)
    else if (type === H264_NAL.sei) this.#sei(packet, start, end)
    else if (type === 0 || type > 23) return this.damage('NAL unit of an unknown type')
    this.appendNal(packet, start, end)
  }

  protected fragmentDone(start: number): void {
    const { buffer } = this
    const type = this.#fragmentType
    if (type === H264_NAL.sps || type === H264_NAL.pps || type === H264_NAL.accessUnitDelimiter) {
      const whole = new Uint8Array(buffer.view(start, buffer.length))
      this.dropFragment(start)
      if (type !== H264_NAL.accessUnitDelimiter) this.#parameterSet(type, whole, 0, whole.length)
    } else if (type === H264_NAL.sei && this.#wantsRecoveryPoint()) {
      const whole = buffer.view(start, buffer.length)
      this.#sei(whole, 0, whole.length)
    }
  }

  protected unitDone(): void {
    this.#sinceIdr = this.#idr ? 0 : this.#sinceIdr + 1
    this.#idr = false
    this.#recovery = -1
  }

  protected takeParameters(): CodecParameters | undefined {
    if (!this.#changed) return undefined
    const first = this.#pps.all[0]
    const id = first ? h264PpsSpsId(first) : -1
    const sps = this.#sps.find(id)
    if (!first || !sps) return undefined
    this.#changed = false
    // Sets that belong to another SPS (layers, other resolutions) cannot be described together with this one.
    return { codec: 'h264', sps, pps: this.#pps.all.filter(pps => h264PpsSpsId(pps) === id) }
  }

  /** The NAL header at `at` may be an FU header: only the bytes behind it are looked at. */
  #slice(type: number, packet: Uint8Array, at: number, end: number): boolean {
    // first_mb_in_slice is ue(v): 0 is a single 1 bit. Data partitions B and C have another header.
    const partition = type === 3 || type === 4
    if (!this.slice(partition || packet[at + 1]! >= 0x80)) return false
    if (type === H264_NAL.idr) {
      this.key = true
      this.#idr = true
      this.#idrSeen = true
    } else if (this.#recovery >= 0 && !this.key) {
      const refreshed = this.#recovery === 0 && h264SliceType(packet, at, end) === H264_SLICE.i
      this.key = (refreshed && !this.#idrSeen) || this.#sinceIdr >= NO_IDR_UNITS
    }
    return true
  }

  #wantsRecoveryPoint(): boolean {
    return !this.#idrSeen || this.#sinceIdr >= NO_IDR_UNITS
  }

  #sei(packet: Uint8Array, start: number, end: number): void {
    if (!this.#wantsRecoveryPoint()) return
    const frames = h264RecoveryPoint(packet, start, end)
    if (frames >= 0) this.#recovery = frames
  }

  #parameterSet(type: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.apart(bytes, start, end)) return
    let last = end
    while (last > start + 1 && bytes[last - 1] === 0) last--
    if (last - start > PARAMETER_SET_LIMIT) return this.sink.damaged('parameter set too large')
    const id = type === H264_NAL.sps ? h264SpsId(bytes, start, last) : h264PpsId(bytes, start, last)
    if (id < 0) return this.sink.damaged('unreadable parameter set')
    if (type === H264_NAL.pps) {
      if (this.#pps.offer(id, bytes, start, last)) this.#changed = true
    } else if (this.#sps.offer(id, bytes, start, last)) {
      this.#changed = true
      this.#pps.expire()
    }
  }
}
