import { Buffer } from 'node:buffer'
import type { StreamRole } from '../frame.ts'

/**
 * What every frame of a virtual camera says about itself, in a user_data_unregistered SEI message (H.264 D.1.6, H.265
 * D.2.7). All fields have a fixed width and consist of printable ASCII characters, so that a prepared frame can be
 * given its number in place: no value ever needs emulation prevention bytes.
 *
 *     offset  bytes  field
 *          0     16  UUID of this project's marks
 *         16      1  version, `1`
 *         17     32  camera id, padded with spaces
 *         49      1  stream: `m` main, `s` sub
 *         50      8  run: hexadecimal, drawn once per start of the camera
 *         58     16  frame number, hexadecimal, in sending order, from 0
 *         74     16  wall-clock time of sending, microseconds since the epoch, hexadecimal
 */
export interface FrameMark {
  /** 1 to {@link MARK_CAMERA_LIMIT} printable ASCII characters without spaces. */
  readonly camera: string
  readonly stream: StreamRole
  /** One start of the camera; numbers of two runs have nothing to do with each other. Eight hexadecimal digits. */
  readonly run: string
  /** Position in sending order since the camera's start. Goes on while nobody watches. Below 2^53. */
  readonly number: number
  /** Milliseconds since the epoch, with microseconds. */
  readonly wall: number
}

/** No byte of it is below 4, so it needs no emulation prevention either. */
export const MARK_UUID: Uint8Array = Uint8Array.from([
  0x76, 0x6d, 0x73, 0x63, 0x74, 0x6c, 0x4d, 0xb7, 0x9a, 0xd1, 0x66, 0x72, 0x61, 0x6d, 0x65, 0x5e,
])

/** Characters of a camera id in a mark. */
export const MARK_CAMERA_LIMIT = 32

const VERSION_AT = 16
const CAMERA_AT = 17
const STREAM_AT = CAMERA_AT + MARK_CAMERA_LIMIT
const RUN_AT = STREAM_AT + 1
const NUMBER_AT = RUN_AT + 8
const WALL_AT = NUMBER_AT + 16
/** Bytes of a mark, its UUID included. */
export const MARK_SIZE: number = WALL_AT + 16

const VERSION = 0x31
const MAIN = 0x6d
const SUB = 0x73
const HEX = Buffer.from('0123456789abcdef')

/** The bytes of a mark, UUID and all. */
export function encodeMark(mark: FrameMark): Buffer {
  const bytes = Buffer.alloc(MARK_SIZE, 0x20)
  bytes.set(MARK_UUID)
  bytes[VERSION_AT] = VERSION
  writeMarkOwner(bytes, 0, markOwner(mark.camera, mark.stream, mark.run))
  writeMarkNumber(bytes, 0, mark.number, mark.wall)
  return bytes
}

/** The part of a mark that is the same for all frames of one stream: camera, stream and run. */
export function markOwner(camera: string, stream: StreamRole, run: string): Buffer {
  return Buffer.from(
    camera.slice(0, MARK_CAMERA_LIMIT).padEnd(MARK_CAMERA_LIMIT) + (stream === 'main' ? 'm' : 's') + run,
    'latin1',
  )
}

/** Writes camera, stream and run of the mark that begins at `at`. */
export function writeMarkOwner(bytes: Buffer, at: number, owner: Buffer): void {
  owner.copy(bytes, at + CAMERA_AT)
}

/** Writes number and time of the mark that begins at `at`. `wall` is in milliseconds since the epoch. */
export function writeMarkNumber(bytes: Uint8Array, at: number, number: number, wall: number): void {
  writeHex(bytes, at + NUMBER_AT, number)
  writeHex(bytes, at + WALL_AT, Math.round(wall * 1000))
}

/** Reads the mark whose UUID begins at `at`; undefined when there is none or it is not one of ours. Survives any bytes. */
export function decodeMark(bytes: Uint8Array, at = 0): FrameMark | undefined {
  if (at < 0 || at + MARK_SIZE > bytes.length) return undefined
  for (let i = 0; i < MARK_UUID.length; i++) if (bytes[at + i] !== MARK_UUID[i]) return undefined
  if (bytes[at + VERSION_AT] !== VERSION) return undefined
  const stream = bytes[at + STREAM_AT]
  if (stream !== MAIN && stream !== SUB) return undefined
  const camera = ascii(bytes, at + CAMERA_AT, at + STREAM_AT).trimEnd()
  const run = ascii(bytes, at + RUN_AT, at + NUMBER_AT)
  const number = readHex(bytes, at + NUMBER_AT)
  const micros = readHex(bytes, at + WALL_AT)
  if (!/^[!-~]+$/.test(camera) || !/^[0-9a-f]{8}$/.test(run)) return undefined
  if (number === undefined || micros === undefined) return undefined
  return { camera, stream: stream === MAIN ? 'main' : 'sub', run, number, wall: micros / 1000 }
}

/** Finds a mark anywhere in `bytes[start, end)`: a sample, a packet, a file. */
export function findMark(bytes: Buffer, start = 0, end = bytes.length): FrameMark | undefined {
  for (
    let at = bytes.indexOf(MARK_UUID, start);
    at >= 0 && at + MARK_SIZE <= end;
    at = bytes.indexOf(MARK_UUID, at + 1)
  ) {
    const mark = decodeMark(bytes, at)
    if (mark) return mark
  }
  return undefined
}

function writeHex(bytes: Uint8Array, at: number, value: number): void {
  let high = Math.floor(value / 0x1_0000_0000)
  let low = value >>> 0
  for (let i = 7; i >= 0; i--) {
    bytes[at + i] = HEX[high & 15]!
    bytes[at + 8 + i] = HEX[low & 15]!
    high >>>= 4
    low >>>= 4
  }
}

/** Undefined for what is not hexadecimal, or above 2^53. */
function readHex(bytes: Uint8Array, at: number): number | undefined {
  let value = 0
  for (let i = 0; i < 16; i++) {
    const digit = HEX.indexOf(bytes[at + i]!)
    if (digit < 0) return undefined
    value = value * 16 + digit
  }
  return Number.isSafeInteger(value) ? value : undefined
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!)
  return text
}
