/** Uniform numbers in [0, 1) that are the same for the same seed. */
export type Random = () => number

/** A generator (32-bit counter through a mixing function of good avalanche); not for secrets. `seed` is a whole number. */
export function seededRandom(seed: number): Random {
  let counter = seed >>> 0
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0
    return mix(counter) / 2 ** 32
  }
}

/** A 32-bit number from another, every bit of which depends on every bit of it. */
export function mix(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}
