import { createPacketizer, PacketWriter } from '../../wire/rtp/index.ts'
import type { H264Parameters, Track } from '../../wire/track.ts'

/** 1280x720 baseline; only their sizes and headers matter here. */
export const SAMPLE_PARAMETERS: H264Parameters = {
  codec: 'h264',
  sps: Buffer.from('6742c01fda014016e840000003004000000c83c60ca8', 'hex'),
  pps: [Buffer.from('68ce3c80', 'hex')],
}

export const SAMPLE_TRACK: Track = {
  index: 0,
  kind: 'video',
  codec: 'h264',
  encodingName: 'H264',
  payloadType: 96,
  clockRate: 90_000,
  channels: 0,
  control: 'trackID=0',
  fmtp: new Map(),
}

export interface SampleStream {
  readonly parameters: H264Parameters
  /** One read of the socket each: the interleaved packets of one frame. */
  readonly reads: readonly Buffer[]
  readonly packets: number
  readonly bytes: number
  /** Seconds of video. */
  readonly seconds: number
}

/** Ten seconds of a camera at 4 Mbps and 25 fps with a key frame every 2 s, six times as large as the others. */
export function sampleStream(): SampleStream {
  const fps = 25
  const seconds = 10
  const gop = 50
  const plain = Math.round(((4_000_000 / 8) * 2) / (gop + 5))
  const packetizer = createPacketizer(SAMPLE_TRACK, SAMPLE_PARAMETERS)
  const writer = new PacketWriter({ payloadType: 96, ssrc: 1, sequence: 1, channel: 0 })
  const reads: Buffer[] = []
  for (let number = 0; number < fps * seconds; number++) {
    const key = number % gop === 0
    const unit = Buffer.alloc(4 + (key ? plain * 6 : plain), 0x5a)
    unit.writeUInt32BE(unit.length - 4)
    unit[4] = key ? 0x65 : 0x41
    unit[5] = 0x9a // first_mb_in_slice 0
    packetizer.packetize(unit, 0, unit.length, number * 3_600, key, writer)
    reads.push(Buffer.from(writer.take()))
  }
  return {
    parameters: SAMPLE_PARAMETERS,
    reads,
    packets: writer.packetCount,
    bytes: reads.reduce((sum, read) => sum + read.length, 0),
    seconds,
  }
}
