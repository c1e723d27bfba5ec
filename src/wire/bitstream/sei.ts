import { addEmulation, removeEmulation } from './emulation.ts'
import { nextNal } from './nal-units.ts'

/** payloadType of SEI messages, ITU-T H.264 table D.1; the same in H.265. */
export const SEI_TYPE = { userDataUnregistered: 5, recoveryPoint: 6 } as const

/** Messages of one SEI NAL unit that are looked at. */
const MESSAGE_LIMIT = 64
/** Bytes of one SEI NAL unit that are looked at. */
const SEI_LIMIT = 64 * 1024
const UUID_SIZE = 16

/** Codecs that have SEI. */
export type SeiCodec = 'h264' | 'h265'

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
 * An SEI NAL unit (H.265: prefix SEI) with one user_data_unregistered message: `uuid`, 16 bytes, then `payload`
 * (ITU-T H.264 section D.1.7, H.265 section D.2.7).
 */
export function buildUserDataSei(codec: SeiCodec, uuid: Uint8Array, payload: Uint8Array): Buffer {
  const header: number[] = codec === 'h264' ? [6] : [39 << 1, 1]
  let size = UUID_SIZE + payload.length
  const message = [SEI_TYPE.userDataUnregistered as number]
  for (; size >= 255; size -= 255) message.push(255)
  message.push(size)
  // rbsp_trailing_bits: a 1 and zeros up to the byte.
  const body = Buffer.concat([Buffer.from(message), uuid.subarray(0, UUID_SIZE), payload, Buffer.of(0x80)])
  return Buffer.concat([Buffer.from(header), addEmulation(body)])
}

/** What follows `uuid` in the first such message of the access unit `bytes[start, end)` (NAL units behind their lengths). */
export function findUserDataSei(
  codec: SeiCodec,
  bytes: Uint8Array,
  uuid: Uint8Array,
  start = 0,
  end = bytes.length,
): Uint8Array | undefined {
  let at = start
  while (at < end) {
    const next = nextNal(bytes, at, end)
    if (next < 0) return undefined
    const nal = at + 4
    if (next > nal + 2 && isSei(codec, bytes[nal]!)) {
      const payload = removeEmulation(bytes, nal + (codec === 'h264' ? 1 : 2), Math.min(next, nal + SEI_LIMIT))
      const found = userData(payload, uuid)
      if (found) return found
    }
    at = next
  }
  return undefined
}

/** A filler data NAL unit of exactly `size` bytes: at least 2 for H.264, 3 for H.265. */
export function buildFiller(codec: SeiCodec, size: number): Buffer {
  const header = codec === 'h264' ? [12] : [38 << 1, 1]
  const filler = Buffer.alloc(Math.max(header.length + 1, size), 0xff)
  filler.set(header)
  filler[filler.length - 1] = 0x80
  return filler
}

function isSei(codec: SeiCodec, header: number): boolean {
  if (codec === 'h264') return (header & 0x1f) === 6
  const type = (header >> 1) & 0x3f
  return type === 39 || type === 40
}

function userData(payload: Uint8Array, uuid: Uint8Array): Uint8Array | undefined {
  let found: Uint8Array | undefined
  eachSeiMessage(payload, (type, start, end) => {
    if (found || type !== SEI_TYPE.userDataUnregistered || end - start < UUID_SIZE) return
    for (let i = 0; i < UUID_SIZE; i++) if (payload[start + i] !== uuid[i]) return
    found = payload.subarray(start + UUID_SIZE, end)
  })
  return found
}
