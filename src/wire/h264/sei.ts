import { BitReader, removeEmulation } from '../bitstream/index.ts'

/** payloadType of SEI messages, ITU-T H.264 table D.1; the same in H.265. */
export const SEI_TYPE = { userDataUnregistered: 5, recoveryPoint: 6 } as const

/** Messages of one SEI NAL unit that are looked at. */
const MESSAGE_LIMIT = 64

/**
 * Calls `visit` with each message of an SEI payload (behind the NAL header, emulation prevention removed), bounds within
 * `payload`. Ends at the first that does not fit.
 */
export function eachSeiMessage(payload: Uint8Array, visit: (type: number, start: number, end: number) => void): void {
  let at = 0
  for (let count = 0; count < MESSAGE_LIMIT && at + 2 <= payload.length; count++) {
    let type = 0
    let size = 0
    while (payload[at] === 0xff) {
      type += 255
      at++
    }
    type += payload[at++] ?? 0
    while (payload[at] === 0xff) {
      size += 255
      at++
    }
    size += payload[at++] ?? 0
    if (at + size > payload.length) return
    visit(type, at, at + size)
    at += size
  }
}

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
