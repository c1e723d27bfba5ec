import type { CodecParameters, Track } from '../track.ts'

/** A track to be described to a reader. Its control becomes `trackID=` and its place in the list. */
export interface DescribedTrack {
  readonly source: Pick<Track, 'kind' | 'codec' | 'encodingName' | 'payloadType' | 'clockRate' | 'channels' | 'fmtp'>
  /** Undefined for codec `other`, and while nothing is known of the stream. */
  readonly parameters: CodecParameters | undefined
}

export interface WriteSdpOptions {
  /** s= line. */
  readonly name: string
  readonly tracks: readonly DescribedTrack[]
  /** Session id and version of the o= line, whole numbers; 1 by default. */
  readonly version?: number
}

/**
 * The text of a live session's description (RFC 8866, RFC 2326 appendix C) with `a=control:trackID=N`, N from 0 in the
 * order of `tracks`. Payload types stay those of the source.
 */
export function writeSdp({ name, tracks, version = 1 }: WriteSdpOptions): string {
  const lines = [
    'v=0',
    `o=- ${version} ${version} IN IP4 127.0.0.1`,
    `s=${line(name) || '-'}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    ...tracks.flatMap(mediaLines),
  ]
  return `${lines.join('\r\n')}\r\n`
}

function mediaLines({ source, parameters }: DescribedTrack, index: number): string[] {
  const { kind, payloadType, clockRate, channels } = source
  const suffix = kind === 'audio' && channels > 1 ? `/${channels}` : ''
  const fmtp = parameters ? formatParameters(parameters) : passedThrough(source)
  const encodingName = line(encodingNameOf(source, parameters))
  return [
    `m=${kind} 0 RTP/AVP ${payloadType}`,
    ...(encodingName === '' ? [] : [`a=rtpmap:${payloadType} ${encodingName}/${clockRate}${suffix}`]),
    ...(fmtp === '' ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
    `a=control:trackID=${index}`,
  ]
}

function encodingNameOf(source: DescribedTrack['source'], parameters: CodecParameters | undefined): string {
  switch (parameters?.codec ?? source.codec) {
    case 'h264':
      return 'H264'
    case 'h265':
      return 'H265'
    case 'aac':
      return 'MPEG4-GENERIC'
    case 'pcmu':
      return 'PCMU'
    case 'pcma':
      return 'PCMA'
    case 'other':
      return source.encodingName
  }
}

function formatParameters(parameters: CodecParameters): string {
  switch (parameters.codec) {
    case 'h264': {
      const { sps, pps } = parameters
      const level = Buffer.from(sps.subarray(1, 4)).toString('hex').toUpperCase()
      return `packetization-mode=1;profile-level-id=${level};sprop-parameter-sets=${[sps, ...pps].map(base64).join(',')}`
    }
    case 'h265': {
      const { vps, sps, pps } = parameters
      return `sprop-vps=${base64(vps)};sprop-sps=${base64(sps)};sprop-pps=${pps.map(base64).join(',')}`
    }
    case 'aac': {
      const config = Buffer.from(parameters.config).toString('hex').toUpperCase()
      const form = 'streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3'
      return `${form};config=${config}`
    }
    default:
      return ''
  }
}

function passedThrough(source: DescribedTrack['source']): string {
  return [...source.fmtp].map(([name, value]) => line(value === '' ? name : `${name}=${value}`)).join(';')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** `text` on one line. */
function line(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ').trim()
}
