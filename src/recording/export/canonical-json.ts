/**
 * The one text of a JSON value: keys of objects in the order of their UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them (as RFC 8785 has it). What is signed is this text in UTF-8, so a manifest may be laid out anew
 * without harm. Throws RangeError for what is nested too deeply, and for numbers that JSON has not: a reader makes Infinity of
 * `1e999`, which would be signed as the `null` that ECMAScript writes for it.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number that JSON has not')
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`)
  return `{${members.join(',')}}`
}
