import { parseAudioSpecificConfig } from '../audio/index.ts'
import type { CodecParameters, Track } from '../track.ts'

/** Bits of each field of an AU header (RFC 3640 section 3.2.1.1), as a=fmtp gives them. */
export interface AacFormat {
  readonly sizeLength: number
  readonly indexLength: number
  readonly indexDeltaLength: number
  readonly ctsDeltaLength: number
  readonly dtsDeltaLength: number
  readonly randomAccess: boolean
  readonly streamStateLength: number
  readonly auxiliarySizeLength: number
  /** Bytes of every frame where the session description fixes it, else 0. */
  readonly constantSize: number
  /** Ticks of the RTP timestamp from one frame to the next. */
  readonly duration: number
}

/** The format of an AAC track. Where a=fmtp is silent, that of AAC-hbr, which is what cameras send. */
export function aacFormat(track: Track, parameters: CodecParameters | undefined): AacFormat {
  const lowBitRate = track.fmtp.get('mode')?.toLowerCase() === 'aac-lbr'
  const number = (name: string, otherwise: number, limit = 32) => {
    const text = track.fmtp.get(name)?.trim() ?? ''
    const value = /^\d{1,9}$/.test(text) ? Number(text) : otherwise
    return value <= limit ? value : otherwise
  }
  const config = parameters?.codec === 'aac' ? parseAudioSpecificConfig(parameters.config) : undefined
  // With SBR the RTP clock may be that of the output, at which a frame has twice the samples.
  const samples = config ? Math.round((config.frameLength * track.clockRate) / config.sampleRate) : 1024
  return {
    sizeLength: number('sizelength', track.fmtp.has('constantsize') ? 0 : lowBitRate ? 6 : 13),
    indexLength: number('indexlength', lowBitRate ? 2 : 3),
    indexDeltaLength: number('indexdeltalength', lowBitRate ? 2 : 3),
    ctsDeltaLength: number('ctsdeltalength', 0),
    dtsDeltaLength: number('dtsdeltalength', 0),
    randomAccess: number('randomaccessindication', 0) > 0,
    streamStateLength: number('streamstateindication', 0),
    auxiliarySizeLength: number('auxiliarydatasizelength', 0),
    constantSize: number('constantsize', 0, 65_535),
    duration: number('constantduration', 0, 2 ** 30) || samples,
  }
}
