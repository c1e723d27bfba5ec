import { H265_NAL, h265NalType, h265SpsId, h265VpsId, isH265Key, isH265Slice, parseH265Pps } from '../h265/index.ts'
import type { CodecParameters, H265Parameters } from '../track.ts'
import type { AccessUnitSink } from './depacketizer.ts'
import { NalPayloads } from './nal-payloads.ts'
import { PARAMETER_SET_LIMIT, ParameterSets } from './parameter-sets.ts'

/** H.265 over RTP, RFC 7798: single NAL unit packets, aggregation packets, fragmentation units; no DONL fields. */
export class H265Depacketizer extends NalPayloads {
  protected readonly nalHeaderSize = 2
  readonly #vps: ParameterSets
  readonly #sps: ParameterSets
  readonly #pps: ParameterSets
  #changed = false
  #fragmentType = 0

  constructor(sink: AccessUnitSink, parameters?: H265Parameters) {
    super(sink)
    const { vps, sps, pps = [] } = parameters ?? {}
    this.#vps = new ParameterSets(vps ? [[h265VpsId(vps, 0, vps.length), vps]] : [])
    this.#sps = new ParameterSets(sps ? [[h265SpsId(sps), sps]] : [])
    this.#pps = new ParameterSets(pps.map(set => [parseH265Pps(set)?.id ?? -1, set] as const))
  }

  protected payload(packet: Uint8Array, start: number, end: number): void {
    if (end - start < 3) return this.damage('packet too short')
    const type = h265NalType(packet[start]!)
    if (type === H265_NAL.fragment) this.fragmented(packet, start, end)
    else if (type < H265_NAL.aggregation) {
      this.endFragment()
      // No header is two zeros (its temporal id counts from 1), but a start code begins so.
      if (packet[start] !== 0 || packet[start + 1] !== 0 || !this.apart(packet, start, end))
        this.whole(packet, start, end)
    } else if (type === H265_NAL.aggregation) {
      this.endFragment()
      this.aggregated(packet, start, end)
    } else this.damage(`packet type ${type} is not supported`)
  }

  protected fragmentBegins(packet: Uint8Array, start: number): boolean {
    const type = packet[start + 2]! & 0x3f
    if (type >= H265_NAL.aggregation) this.damage('fragment of no NAL unit')
    else if (!isH265Slice(type) || this.#slice(type, packet[start + 3]!)) this.beginFragment()
    if (this.discarding) return false
    this.#fragmentType = type
    this.buffer.appendUint8((packet[start]! & 0x81) | (type << 1))
    this.buffer.appendUint8(packet[start + 1]!)
    return true
  }

  protected whole(packet: Uint8Array, start: number, end: number): void {
    const type = h265NalType(packet[start]!)
    if (isH265Slice(type)) {
      if (!this.#slice(type, end > start + 2 ? packet[start + 2]! : 0)) return
    } else if (type === H265_NAL.accessUnitDelimiter) return
    else if (isParameterSet(type)) return this.#parameterSet(type, packet, start, end)
    else if (type >= H265_NAL.aggregation) return this.damage('NAL unit of an unknown type')
    this.appendNal(packet, start, end)
  }

  protected fragmentDone(start: number): void {
    const type = this.#fragmentType
    if (!isParameterSet(type) && type !== H265_NAL.accessUnitDelimiter) return
    const whole = new Uint8Array(this.buffer.view(start, this.buffer.length))
    this.dropFragment(start)
    if (isParameterSet(type)) this.#parameterSet(type, whole, 0, whole.length)
  }

  protected unitDone(): void {}

  protected takeParameters(): CodecParameters | undefined {
    if (!this.#changed) return undefined
    const first = this.#pps.all[0]
    const spsId = first ? (parseH265Pps(first)?.spsId ?? -1) : -1
    const sps = this.#sps.find(spsId)
    // sps_video_parameter_set_id
    const vps = sps ? this.#vps.find(sps[2]! >> 4) : undefined
    if (!first || !sps || !vps) return undefined
    this.#changed = false
    return { codec: 'h265', vps, sps, pps: this.#pps.all.filter(pps => parseH265Pps(pps)?.spsId === spsId) }
  }

  /** `firstByte`: the byte behind the NAL header, whose highest bit is first_slice_segment_in_pic_flag. */
  #slice(type: number, firstByte: number): boolean {
    if (!this.slice(firstByte >= 0x80)) return false
    if (isH265Key(type)) this.key = true
    return true
  }

  #parameterSet(type: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.apart(bytes, start, end)) return
    let last = end
    while (last > start + 2 && bytes[last - 1] === 0) last--
    if (last - start > PARAMETER_SET_LIMIT) return this.sink.damaged('parameter set too large')
    // Sets of other layers (nuh_layer_id not 0) describe pictures that are not recorded by themselves.
    if (((bytes[start]! & 1) << 5) | (bytes[start + 1]! >> 3)) return
    const sets = type === H265_NAL.vps ? this.#vps : type === H265_NAL.sps ? this.#sps : this.#pps
    if (sets.has(bytes, start, last)) return
    const nal = bytes.subarray(start, last)
    const id =
      type === H265_NAL.vps
        ? h265VpsId(bytes, start, last)
        : type === H265_NAL.sps
          ? h265SpsId(nal)
          : (parseH265Pps(nal)?.id ?? -1)
    if (id < 0) return this.sink.damaged('unreadable parameter set')
    if (!sets.offer(id, bytes, start, last)) return
    this.#changed = true
    if (type === H265_NAL.vps) this.#sps.expire()
    if (type !== H265_NAL.pps) this.#pps.expire()
  }
}

function isParameterSet(type: number): boolean {
  return type >= H265_NAL.vps && type <= H265_NAL.pps
}
