/** One box inside bytes at hand. Offsets are those of the bytes. */
export interface Box {
  /** Four characters. */
  readonly type: string
  readonly start: number
  /** Where its content begins, behind size and type. */
  readonly content: number
  readonly end: number
}

/** Bytes of the longest box header. */
export const MAX_BOX_HEADER = 16

/**
 * Reads the header of the box at `start` (ISO/IEC 14496-12 section 4.2); the box itself may reach beyond the bytes. Undefined
 * where no box can begin: too few bytes, a size smaller than its header or above 2^53, or a type that is not four printable
 * characters (what is left where a disk lost power). A box "until the end of the file" has no size and is refused: we write
 * none, and it would swallow whatever a crash left behind it.
 */
export function boxHeader(bytes: Uint8Array, start: number): Box | undefined {
  if (start < 0 || start + 8 > bytes.length) return undefined
  let type = ''
  for (let at = start + 4; at < start + 8; at++) {
    const byte = bytes[at]!
    if ((byte < 0x20 || byte > 0x7e) && byte !== 0xa9) return undefined
    type += String.fromCharCode(byte)
  }
  const size = uint32(bytes, start)
  if (size !== 1) return size < 8 ? undefined : { type, start, content: start + 8, end: start + size }
  if (start + 16 > bytes.length) return undefined
  const large = uint64(bytes, start + 8)
  return large < 16 || large > MAX_BOX_SIZE ? undefined : { type, start, content: start + 16, end: start + large }
}

const MAX_BOX_SIZE = 2 ** 52

/** The boxes in `bytes[start, end)`, in order; ends at the first that is damaged or reaches beyond `end`. */
export function* parseBoxes(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Box, void> {
  let at = start
  while (at + 8 <= end) {
    const box = boxHeader(bytes, at)
    if (!box || box.end > end) return
    yield box
    at = box.end
  }
}

/** The first box of `type` in `bytes[start, end)`. */
export function findBox(bytes: Uint8Array, type: string, start: number, end: number): Box | undefined {
  for (const box of parseBoxes(bytes, start, end)) if (box.type === type) return box
  return undefined
}

/** Follows `path` from box to box inside one another. */
export function findPath(bytes: Uint8Array, path: readonly string[], from: Box): Box | undefined {
  let box: Box | undefined = from
  for (const type of path) box = box && findBox(bytes, type, box.content, box.end)
  return box
}

/** Big-endian; bytes beyond the end count as 0. */
export function uint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  )
}

export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

/** As a number: exact up to 2^53. */
export function uint64(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) * 2 ** 32 + uint32(bytes, at + 4)
}
