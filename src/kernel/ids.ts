const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * An id that sorts by time: ten characters of `wall` (milliseconds since the epoch), six of chance (30 bits).
 * `random` gives a number in [0, 1). Safe as file name and in URLs.
 */
export function timeOrderedId(wall: number, random: () => number): string {
  let id = ''
  let rest = Math.max(0, Math.floor(wall))
  for (let i = 0; i < 10; i++) {
    id = ALPHABET[rest % 32]! + id
    rest = Math.floor(rest / 32)
  }
  for (let i = 0; i < 6; i++) id += ALPHABET[Math.floor(random() * 32)]!
  return id
}

/** A number in [0, 1) that is the same for the same text everywhere and always (FNV-1a); spreads cameras over time. */
export function stableFraction(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  // The low bits of FNV-1a mix badly for names that differ in the last letter only: fold the high ones in.
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  hash ^= hash >>> 13
  return (hash >>> 0) / 2 ** 32
}
