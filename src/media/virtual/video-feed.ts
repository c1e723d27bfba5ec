import { Buffer } from 'node:buffer'
import { buildFiller, buildUserDataSei } from '../../wire/bitstream/index.ts'
import { createPacketizer } from '../../wire/rtp/index.ts'
import type { DescribedTrack } from '../../wire/sdp/index.ts'
import type { H264Parameters, H265Parameters, Track } from '../../wire/track.ts'
import { encodeMark, MARK_UUID } from './frame-mark.ts'
import { frameSizes } from './frame-sizes.ts'
import { type FrameTemplate, frameTemplate } from './frame-template.ts'
import type { LoopFrame } from './loop.ts'

/** RTP payload type of video. */
const VIDEO_PAYLOAD_TYPE = 96
/** Ticks a second of video timestamps (RFC 6184, RFC 7798). */
export const VIDEO_CLOCK_RATE = 90_000

/** Bytes of a key frame, and of one nobody refers to, against an ordinary one: what a quiet scene has. */
const WEIGHTS = { key: 6, ordinary: 1, disposable: 0.5 } as const
/** Bytes of the smallest filler data NAL unit. */
const SMALLEST_FILLER = { h264: 2, h265: 3 } as const
/** Bytes of a start code, or of a length: they count as part of the stream. */
const PREFIX = 4

/** Where the decoder's parameter sets stand: in the SDP, in front of each key frame, or in both places. */
export type ParameterSetPlace = 'both' | 'sdp' | 'in-band'

/** The prepared video of streams with equal settings: played over and over. */
export interface VideoFeed {
  readonly frames: readonly FrameTemplate[]
  readonly described: DescribedTrack
  /** Bit/s of the elementary stream: NAL units with their start codes. Above what was asked when the clip alone has more. */
  readonly bitrate: number
}

export interface VideoFeedOptions {
  /** Bit/s of the elementary stream. */
  readonly bitrate: number
  readonly fps: number
  readonly parameterSets: ParameterSetPlace
}

/** Prepares the RTP packets of a loop, each frame filled up so that the loop as a whole has the wanted bit rate. */
export function videoFeed(
  parameters: H264Parameters | H265Parameters,
  loop: readonly LoopFrame[],
  options: VideoFeedOptions,
): VideoFeed {
  const { codec } = parameters
  const track = videoTrack(codec)
  const packetizer = createPacketizer(track, options.parameterSets === 'sdp' ? undefined : parameters)
  // Filled in when it is sent. A mark needs no emulation prevention whatever it says, so its size and place stay.
  const blank = encodeMark({ camera: 'x', stream: 'main', run: '00000000', number: 0, wall: 0 })
  const mark = buildUserDataSei(codec, MARK_UUID, blank.subarray(MARK_UUID.length))
  const setBytes = options.parameterSets === 'sdp' ? 0 : sizeOf(parameterSets(parameters))
  const natural = loop.map(({ nals, key }) => sizeOf([mark, ...nals]) + (key ? setBytes : 0))
  const weights = loop.map(({ key, disposable }) =>
    key ? WEIGHTS.key : disposable ? WEIGHTS.disposable : WEIGHTS.ordinary,
  )
  const wanted = (options.bitrate * loop.length) / options.fps / 8
  const sizes = frameSizes(natural, weights, wanted, PREFIX + SMALLEST_FILLER[codec])
  const frames = loop.map(({ nals, key, shift }, i) => {
    const filler = sizes[i]! - natural[i]!
    const unit = [mark, ...nals, ...(filler > 0 ? [buildFiller(codec, filler - PREFIX)] : [])]
    return frameTemplate(packetizer, lengthPrefixed(unit), { payloadType: VIDEO_PAYLOAD_TYPE, key, shift })
  })
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return {
    frames,
    described: { source: track, parameters: options.parameterSets === 'in-band' ? undefined : parameters },
    bitrate: (bytes * 8 * options.fps) / loop.length,
  }
}

function videoTrack(codec: 'h264' | 'h265'): Track {
  return {
    index: 0,
    kind: 'video',
    codec,
    encodingName: codec === 'h264' ? 'H264' : 'H265',
    payloadType: VIDEO_PAYLOAD_TYPE,
    clockRate: VIDEO_CLOCK_RATE,
    channels: 0,
    control: '',
    // What is said when the parameter sets are not.
    fmtp: new Map(codec === 'h264' ? [['packetization-mode', '1']] : []),
  }
}

function parameterSets(parameters: H264Parameters | H265Parameters): readonly Uint8Array[] {
  const { sps, pps } = parameters
  return parameters.codec === 'h265' ? [parameters.vps, sps, ...pps] : [sps, ...pps]
}

function sizeOf(nals: readonly Uint8Array[]): number {
  return nals.reduce((sum, nal) => sum + PREFIX + nal.length, 0)
}

function lengthPrefixed(nals: readonly Uint8Array[]): Buffer {
  const unit = Buffer.alloc(sizeOf(nals))
  let at = 0
  for (const nal of nals) {
    at = unit.writeUInt32BE(nal.length, at)
    unit.set(nal, at)
    at += nal.length
  }
  return unit
}
