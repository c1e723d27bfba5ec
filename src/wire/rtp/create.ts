import { unreachable } from '../../kernel/errors.ts'
import type { CodecParameters, Track } from '../track.ts'
import { AacDepacketizer } from './aac-depacketizer.ts'
import { aacFormat } from './aac-format.ts'
import { AacPacketizer } from './aac-packetizer.ts'
import type { AccessUnitSink, Depacketizer } from './depacketizer.ts'
import { H264Depacketizer } from './h264-depacketizer.ts'
import { H264Packetizer } from './h264-packetizer.ts'
import { H265Depacketizer } from './h265-depacketizer.ts'
import { H265Packetizer } from './h265-packetizer.ts'
import type { Packetizer } from './packetizer.ts'
import { FrameDepacketizer, FramePacketizer, PacketPacketizer } from './plain-formats.ts'

/**
 * The depacketizer of a track. `parameters` are those of its SDP: the same ones in band are then no change.
 */
export function createDepacketizer(
  track: Track,
  parameters: CodecParameters | undefined,
  sink: AccessUnitSink,
): Depacketizer {
  switch (track.codec) {
    case 'h264':
      return new H264Depacketizer(sink, parameters?.codec === 'h264' ? parameters : undefined)
    case 'pcmu':
    case 'pcma':
      return new FrameDepacketizer(sink, false)
    case 'h265':
      return new H265Depacketizer(sink, parameters?.codec === 'h265' ? parameters : undefined)
    case 'aac':
      return new AacDepacketizer(sink, aacFormat(track, parameters))
    case 'other':
      return new FrameDepacketizer(sink, true)
    default:
      return unreachable(track.codec)
  }
}

/** The packetizer of a track, with the parameters it begins with. */
export function createPacketizer(track: Track, parameters: CodecParameters | undefined): Packetizer {
  const packetizer = forCodec(track)
  packetizer.parameters = parameters
  return packetizer
}

function forCodec(track: Track): Packetizer {
  switch (track.codec) {
    case 'h264':
      return new H264Packetizer()
    case 'pcmu':
    case 'pcma':
      return new FramePacketizer()
    case 'h265':
      return new H265Packetizer()
    case 'aac':
      return new AacPacketizer()
    case 'other':
      return new PacketPacketizer()
    default:
      return unreachable(track.codec)
  }
}
