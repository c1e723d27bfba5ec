import type { Codec, Track } from '../track.ts'
import { parseFmtp, parseRtpMap, printable, type RtpMap, splitAttribute, splitPayloadType } from './attributes.ts'
import type { Notes, SdpLine } from './lines.ts'
import { staticRtpMap } from './static-payload-types.ts'

/** One m= line with the lines that follow it. */
export interface MediaSection {
  readonly media: string
  readonly lines: readonly SdpLine[]
}

/** Payload types of one m= line that are looked at. */
const MAX_PAYLOAD_TYPES = 32

/** The track of a media section; undefined, with a note, for one that cannot be set up over RTP. */
export function readTrack(section: MediaSection, index: number, notes: Notes): Track | undefined {
  const [name = '', , protocol = '', ...formats] = section.media.split(/\s/).filter(word => word !== '')
  const kind = kindOf(name)
  const where = `Media section ${index + 1} (${printable(name).toLowerCase()})`
  if (protocol !== '' && !/^RTP\/S?AVPF?/i.test(protocol)) {
    notes.add(`${where} is not RTP and is set aside.`)
    return undefined
  }
  const attributes = section.lines.filter(line => line.type === 'a').map(line => splitAttribute(line.value))
  const maps = byPayloadType(attributes, 'rtpmap', parseRtpMap)
  const formatParameters = byPayloadType(attributes, 'fmtp', parseFmtp)
  const offered = formats.slice(0, MAX_PAYLOAD_TYPES).flatMap(text => {
    return /^\d{1,3}$/.test(text) && Number(text) <= 127 ? [Number(text)] : []
  })
  if (offered.length === 0) {
    offered.push(...maps.keys())
    notes.add(`${where} names no payload type on its m= line.`)
  }
  const candidates = offered.map(payloadType => {
    const fmtp = formatParameters.get(payloadType) ?? new Map<string, string>()
    const map = maps.get(payloadType) ?? staticRtpMap(payloadType) ?? guess(kind, fmtp, where, notes)
    return { payloadType, fmtp, map, codec: codecOf(kind, map, fmtp) }
  })
  const chosen = candidates.find(candidate => candidate.codec !== 'other') ?? candidates[0]
  if (!chosen) {
    notes.add(`${where} has no payload type and is set aside.`)
    return undefined
  }
  const { payloadType, fmtp, map, codec } = chosen
  if (codec === 'other') notes.add(`${where} is ${map.encodingName || 'of an unnamed codec'}, which is not decoded.`)
  return {
    index,
    kind,
    codec,
    encodingName: map.encodingName,
    payloadType,
    clockRate: map.clockRate || (kind === 'audio' ? 8_000 : 90_000),
    channels: kind === 'audio' ? map.channels || 1 : 0,
    control: attributes.find(([attribute]) => attribute === 'control')?.[1] ?? '',
    fmtp,
  }
}

function kindOf(name: string): Track['kind'] {
  const lower = name.toLowerCase()
  return lower === 'video' || lower === 'audio' ? lower : 'application'
}

function byPayloadType<T>(
  attributes: readonly [string, string][],
  name: string,
  read: (text: string) => T,
): Map<number, T> {
  const found = new Map<number, T>()
  for (const [attribute, value] of attributes) {
    const parts = attribute === name ? splitPayloadType(value) : undefined
    // The first counts: some cameras repeat the line with nothing in it.
    if (parts && !found.has(parts[0])) found.set(parts[0], read(parts[1]))
  }
  return found
}

/** A payload type without a=rtpmap that is not static: its parameters may still tell what it is. */
function guess(kind: Track['kind'], fmtp: ReadonlyMap<string, string>, where: string, notes: Notes): RtpMap {
  const encodingName = fmtp.has('sprop-parameter-sets') ? 'H264' : fmtp.has('sprop-sps') ? 'H265' : ''
  notes.add(`${where} has no a=rtpmap${encodingName ? `; taken for ${encodingName}` : ''}.`)
  return { encodingName: kind === 'video' ? encodingName : '', clockRate: 0, channels: 0 }
}

/** The codec of ours that a payload type is, if its form is one that the depacketizers take. */
function codecOf(kind: Track['kind'], map: RtpMap, fmtp: ReadonlyMap<string, string>): Codec {
  const name = map.encodingName
  if (kind === 'video') {
    if (name === 'H264' && fmtp.get('packetization-mode') !== '2') return 'h264'
    if (name === 'H265' || name === 'HEVC') return Number(fmtp.get('sprop-max-don-diff') ?? 0) > 0 ? 'other' : 'h265'
  }
  if (kind === 'audio') {
    if (name === 'PCMU' || name === 'G711U') return 'pcmu'
    if (name === 'PCMA' || name === 'G711A') return 'pcma'
    if (name === 'MPEG4-GENERIC') return /^aac-(hbr|lbr)$/i.test(fmtp.get('mode') ?? 'AAC-hbr') ? 'aac' : 'other'
  }
  return 'other'
}
