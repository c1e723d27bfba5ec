import type { BoxWriter } from './box-writer.ts'
import type { Room, SegmentEnd, SegmentMark, SegmentReason } from './types.ts'

/**
 * The `uuid` box in which a segment says what it is. It stands right behind `ftyp`, so that an index is rebuilt from the
 * first few hundred bytes of each file. Content, all numbers big-endian:
 *
 *     16 bytes  extended type, MARK_UUID
 *      1 byte   version of this layout, 1;  3 bytes  zero
 *      4 bytes  length of the mark;  the mark, JSON in UTF-8 (SegmentMark)
 *      4 bytes  length of the end, 0 while the file is being written;  END_ROOM bytes, of which the first are the end, JSON
 *
 * The hash in the end is that of the file behind the init segment and then of the init segment itself, this box included, with
 * zeros for the hash's own digits: so it can be made while the file is written, which knows its beginning last.
 * JSON, because `strings` shows it and a field can be added; it is written once a file.
 */
const MARK_UUID = Buffer.from('9d1c5b0e7a4f4c61b3e2766d7363746c', 'hex')

/** Bytes kept free for {@link SegmentEnd}. */
const END_ROOM = 188

/** Bytes of the mark's JSON that a reader accepts. */
const MAX_MARK = 64 * 1024

/** Characters of a reason for the end; longer ones are cut, so that the end fits its room whatever the escapes. */
const MAX_REASON = 16

/** What stands for the digits of a hash while it is made. */
export const BLANK_HASH = '0'.repeat(64)

/** Milliseconds since the epoch beyond which there are no dates (ECMA-262, section 21.4.1.1). */
const LAST_TIME = 8.64e15

const HASH = /^[0-9a-f]{64}$/
const HASH_KEY = '"sha256":"'

const REASONS: readonly SegmentReason[] = [
  'first',
  'duration',
  'reconnect',
  'parameters',
  'clock-step',
  'frames-dropped',
  'disk-error',
  'resumed',
]

/** Writes the box; returns the room of the end, from its length field to the end of the box. */
export function writeMarkBox(out: BoxWriter, mark: SegmentMark): Room {
  const json = Buffer.from(JSON.stringify(mark))
  let offset = 0
  out.box('uuid', () => {
    out.bytes(MARK_UUID)
    out.u32(1 << 24)
    out.u32(json.length)
    out.bytes(json)
    offset = out.length
    out.u32(0)
    out.zeros(END_ROOM)
  })
  return { offset, size: 4 + END_ROOM }
}

/** What goes over the room of the end, length field first: exactly `size` bytes. */
export function encodeEnd({ duration, reason, frames, sha256 }: SegmentEnd, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  const hash = sha256 === null ? {} : { sha256 }
  for (let length = Math.min(reason.length, MAX_REASON); length >= 0; length--) {
    const json = Buffer.from(JSON.stringify({ duration, reason: reason.slice(0, length), frames, ...hash }))
    if (json.length > size - 4) continue
    bytes.writeUInt32BE(json.length, 0)
    json.copy(bytes, 4)
    break
  }
  return bytes
}

/**
 * Where in the bytes of an init segment the digits of the file's hash stand, given the room of its end; undefined where
 * there are none. The key cannot stand in the reason, whose quotes are escaped.
 */
export function hashPlace(init: Buffer, { offset, size }: Room): number | undefined {
  const key = init.subarray(offset, offset + size).indexOf(HASH_KEY)
  return key < 0 || key + HASH_KEY.length + BLANK_HASH.length > size ? undefined : offset + key + HASH_KEY.length
}

/** The content of a `uuid` box, from behind its size and type. `endOffset` counts from the start of `content`. */
export interface MarkBox {
  readonly mark: SegmentMark
  readonly end: SegmentEnd | undefined
  readonly endOffset: number
  readonly endSize: number
}

/** Reads the content of a `uuid` box; undefined when it is another's, of a later layout, or damaged. */
export function readMarkBox(content: Uint8Array): MarkBox | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (bytes.length < 28 || !bytes.subarray(0, 16).equals(MARK_UUID) || bytes[16] !== 1) return undefined
  const length = bytes.readUInt32BE(20)
  const endOffset = 24 + length
  if (length > MAX_MARK || endOffset + 4 > bytes.length) return undefined
  const mark = toMark(parse(bytes.toString('utf8', 24, endOffset)))
  if (!mark) return undefined
  const endLength = bytes.readUInt32BE(endOffset)
  const endSize = bytes.length - endOffset
  const whole = endLength > 0 && endLength <= endSize - 4
  const end = whole ? toEnd(parse(bytes.toString('utf8', endOffset + 4, endOffset + 4 + endLength))) : undefined
  return { mark, end, endOffset, endSize }
}

type Fields = Readonly<Record<string, unknown>>

function parse(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Fields) : {}
  } catch {
    return {}
  }
}

function toMark(fields: Fields): SegmentMark | undefined {
  const { version, site, camera, stream, session, number, wallStart, mediaTime, timescale, reason, clockOffset } =
    fields
  if (version !== 1 || (stream !== 'main' && stream !== 'sub')) return undefined
  if (typeof site !== 'string' || typeof camera !== 'string' || typeof session !== 'string') return undefined
  if (!isCount(number) || !isTime(wallStart) || !isWhole(mediaTime) || !isCount(timescale) || timescale === 0) {
    return undefined
  }
  if (!REASONS.includes(reason as SegmentReason)) return undefined
  if (clockOffset !== null && !(typeof clockOffset === 'number' && Math.abs(clockOffset) <= LAST_TIME)) return undefined
  return {
    version,
    site,
    camera,
    stream,
    session,
    number,
    wallStart,
    mediaTime,
    timescale,
    reason: reason as SegmentReason,
    clockOffset,
  }
}

function toEnd({ duration, reason, frames, sha256 = null }: Fields): SegmentEnd | undefined {
  if (!isCount(duration) || !isCount(frames) || typeof reason !== 'string') return undefined
  return { duration, reason, frames, sha256: typeof sha256 === 'string' && HASH.test(sha256) ? sha256 : null }
}

/** Wall-clock milliseconds. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_TIME
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isCount(value: unknown): value is number {
  return isWhole(value) && value >= 0
}
