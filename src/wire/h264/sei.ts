import { BitReader, eachSeiMessage, removeEmulation, SEI_TYPE } from '../bitstream/index.ts'

/**
 * recovery_frame_cnt of a recovery point message in the SEI NAL unit `bytes[start, end)`, or -1 without one: so many
 * frames on, the pictures are right although decoding began here (ITU-T H.264 section D.2.8).
 */
export function h264RecoveryPoint(bytes: Uint8Array, start: number, end: number): number {
  const payload = removeEmulation(bytes, start + 1, Math.min(end, start + 512))
  let frames = -1
  eachSeiMessage(payload, (type, from, to) => {
    if (type !== SEI_TYPE.recoveryPoint || frames >= 0) return
    const reader = new BitReader(payload, from, to)
    const count = reader.unsigned()
    if (!reader.overrun) frames = count
  })
  return frames
}
