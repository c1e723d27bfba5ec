/**
 * Calls `visit` with the bounds of each NAL unit of an access unit whose NAL units stand behind their length in four bytes
 * (ISO/IEC 14496-15). Empty ones are passed over. Gives false when a length points outside; what came before was visited.
 * `visit` may return false to end early.
 */
export function eachNal(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (start: number, end: number) => unknown,
): boolean {
  let at = start
  while (at < end) {
    const next = nextNal(bytes, at, end)
    if (next < 0) return false
    if (next > at + 4 && visit(at + 4, next) === false) return true
    at = next
  }
  return true
}

/** Where the NAL unit whose length field stands at `at` ends, or -1 when that is outside `end`. */
export function nextNal(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1
  const length = bytes[at]! * 0x1000000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!)
  return at + 4 + length > end ? -1 : at + 4 + length
}

/** The NAL units of an Annex B byte stream (start codes 00 00 01), each a view of `bytes`, trailing zeros cut. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = []
  const cut = (from: number, to: number) => {
    let end = to
    while (end > from && bytes[end - 1] === 0) end--
    if (end > from) nals.push(bytes.subarray(from, end))
  }
  let start = -1
  for (let code = findStartCode(bytes, 0); code >= 0; code = findStartCode(bytes, code + 3)) {
    if (start >= 0) cut(start, code)
    start = code + 3
  }
  if (start >= 0) cut(start, bytes.length)
  return nals
}

/** Index of the next 00 00 01 in `bytes[from, end)`, or -1. */
export function findStartCode(bytes: Uint8Array, from: number, end = bytes.length): number {
  let i = from + 2
  while (i < end) {
    const byte = bytes[i]!
    if (byte > 1) i += 3
    else if (byte === 1) {
      if (bytes[i - 1] === 0 && bytes[i - 2] === 0) return i - 2
      i += 3
    } else i++
  }
  return -1
}
