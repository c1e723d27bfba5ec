import { normalQuantile } from '../maths/normal.ts'
import { sobolPoints } from '../maths/sobol.ts'
import { TENTH } from './spread.ts'

/** What is uncertain, what matters most first: the first numbers of a Sobol sequence are its best. */
export const FACTORS = [
  'common',
  'night',
  'watched',
  'each',
  'smart',
  'recordCpu',
  'relayCpu',
  'transcodeCpu',
  'diskPrice',
  'energyPrice',
  'eachSub',
] as const

export type Factor = (typeof FACTORS)[number]

/** Standard normal numbers: for each draw one of every factor. */
export interface Normals {
  readonly count: number
  readonly of: Readonly<Record<Factor, Float64Array>>
}

/** Evenly spread draws; the same seed gives the same. */
export function drawNormals(count: number, seed: number): Normals {
  const normals = emptyNormals(count)
  let draw = 0
  for (const point of sobolPoints(FACTORS.length, count, seed)) {
    for (let i = 0; i < FACTORS.length; i++) normals.of[FACTORS[i]!][draw] = normalQuantile(point[i]!)
    draw++
  }
  return normals
}

/** Two draws for each factor: it alone at P10, and at P90, all others at P50. In the order of {@link FACTORS}. */
export function swingNormals(): Normals {
  const normals = emptyNormals(FACTORS.length * 2)
  for (const [i, factor] of FACTORS.entries()) {
    normals.of[factor][2 * i] = -TENTH
    normals.of[factor][2 * i + 1] = TENTH
  }
  return normals
}

function emptyNormals(count: number): Normals {
  const columns = FACTORS.map(factor => [factor, new Float64Array(count)] as const)
  return { count, of: Object.fromEntries(columns) as Record<Factor, Float64Array> }
}
