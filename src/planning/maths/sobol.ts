import { mix, seededRandom } from './random.ts'

/** Primitive polynomials and initial direction numbers (Joe and Kuo 2008) of dimensions 2 to 21: degree, inner coefficients, m. */
const DIRECTIONS: readonly (readonly [number, number, readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
]

/** Dimensions that are evenly filled; later ones are as random as any generator's. */
export const EVEN_DIMENSIONS = DIRECTIONS.length + 1

/**
 * `count` points (up to 2^32) of the unit cube, each number inside (0, 1): a Sobol sequence, shifted by the seed. Averages over it come
 * nearer to the truth than over random points. Put what matters most into the first dimensions: beyond 21 points are random.
 */
export function* sobolPoints(dimensions: number, count: number, seed: number): Generator<Float64Array, void> {
  const even = Math.min(dimensions, EVEN_DIMENSIONS)
  const steps = Array.from({ length: even }, (_, dimension) => directionNumbers(dimension))
  const state = Uint32Array.from({ length: even }, (_, dimension) => mix(mix(seed) + dimension))
  const random = seededRandom(mix(seed ^ 0x5bd1e995))
  for (let index = 0; index < count; index++) {
    const point = new Float64Array(dimensions)
    for (let dimension = 0; dimension < even; dimension++) point[dimension] = (state[dimension]! + 0.5) / 2 ** 32
    for (let dimension = even; dimension < dimensions; dimension++) point[dimension] = random() + 2 ** -33
    yield point
    // The Gray code of the next index differs in the bit of the lowest zero of this one.
    const bit = 31 - Math.clz32(~index & (index + 1))
    for (let dimension = 0; dimension < even; dimension++)
      state[dimension] = state[dimension]! ^ steps[dimension]![bit]!
  }
}

function directionNumbers(dimension: number): Uint32Array {
  const numbers = new Uint32Array(32)
  const polynomial = DIRECTIONS[dimension - 1]
  if (polynomial === undefined) return numbers.map((_, bit) => 2 ** (31 - bit))
  const [degree, coefficients, initial] = polynomial
  for (let bit = 0; bit < 32; bit++) {
    if (bit < degree) {
      numbers[bit] = initial[bit]! * 2 ** (31 - bit)
      continue
    }
    let value = numbers[bit - degree]! ^ (numbers[bit - degree]! >>> degree)
    for (let k = 1; k < degree; k++) if ((coefficients >>> (degree - 1 - k)) & 1) value ^= numbers[bit - k]!
    numbers[bit] = value
  }
  return numbers
}
