import type { Notes } from './lines.ts'

/** Parameter sets that one attribute may hold. */
const MAX_SETS = 32

/**
 * NAL units of a comma-separated base64 list (RFC 6184 section 8.1). Cameras leave padding out, put spaces and empty items
 * into the list, a start code in front of a unit, and zeros behind it. What is no base64 is left out with a note.
 */
export function decodeParameterSets(list: string | undefined, notes: Notes, what: string): Uint8Array[] {
  if (list === undefined) return []
  const units: Uint8Array[] = []
  for (const item of list.split(',', MAX_SETS)) {
    const text = item.replace(/[\s"]/g, '')
    if (text === '') continue
    if (!/^[A-Za-z0-9+/_-]+={0,3}$/.test(text)) {
      notes.add(`The ${what} has a parameter set that is no base64.`)
      continue
    }
    const unit = bareNalUnit(Buffer.from(text, 'base64'))
    if (unit.length > 1) units.push(unit)
  }
  return units
}

/** Without start code in front and zeros behind. */
function bareNalUnit(bytes: Uint8Array): Uint8Array {
  let start = 0
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  if (bytes[0] === 0 && bytes[1] === 0) {
    while (start < end && bytes[start] === 0) start++
    // Not a start code: a NAL unit cannot begin with a zero byte either.
    start = bytes[start] === 1 ? start + 1 : end
  }
  return Uint8Array.from(bytes.subarray(start, end))
}
