import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/planning/maths/random.ts'
import { EVEN_DIMENSIONS, sobolPoints } from '../../../src/planning/maths/sobol.ts'

const points = (dimensions: number, count: number, seed = 7) => [...sobolPoints(dimensions, count, seed)]

describe('evenly spread points', () => {
  it('fill every dimension evenly: one point in each of 1,024 slices', () => {
    const all = points(EVEN_DIMENSIONS, 1_024)
    for (let dimension = 0; dimension < EVEN_DIMENSIONS; dimension++) {
      const slices = new Set(all.map(point => Math.floor(point[dimension]! * 1_024)))
      expect([dimension, slices.size]).toEqual([dimension, 1_024])
    }
  })

  it('fill the first two dimensions evenly together, in every shape of box', () => {
    const all = points(2, 256)
    for (let bits = 0; bits <= 8; bits++) {
      const boxes = new Set(all.map(([x, y]) => `${Math.floor(x! * 2 ** bits)} ${Math.floor(y! * 2 ** (8 - bits))}`))
      expect(boxes.size).toBe(256)
    }
  })

  it('find an average far better than random points do', () => {
    // The mean of a product of 10 factors, each of mean 1.
    const product = (point: ArrayLike<number>) =>
      Array.from(point).reduce((result, x) => result * (1 + 0.5 * (x - 0.5)), 1)
    const error = (all: ArrayLike<number>[]) => Math.abs(all.reduce((sum, x) => sum + product(x), 0) / all.length - 1)
    const random = seededRandom(9)
    const randomErrors = Array.from({ length: 8 }, () =>
      error(Array.from({ length: 4_096 }, () => Array.from({ length: 10 }, random))),
    )
    const evenErrors = Array.from({ length: 8 }, (_, seed) => error(points(10, 4_096, seed)))
    const square = (errors: number[]) => Math.sqrt(errors.reduce((sum, x) => sum + x * x, 0) / errors.length)
    expect(square(evenErrors) * 10).toBeLessThan(square(randomErrors))
  })

  it('are the same for the same seed, others for another, and inside the cube in any dimension', () => {
    expect(points(3, 100, 1)).toEqual(points(3, 100, 1))
    expect(points(3, 100, 1)).not.toEqual(points(3, 100, 2))
    for (const point of points(40, 2_000)) for (const x of point) expect(x > 0 && x < 1).toBe(true)
    // Beyond the even dimensions the numbers are random, and no two dimensions are alike.
    const last = points(25, 500).map(point => [point[22], point[23]])
    expect(last.every(([x, y]) => x !== y)).toBe(true)
  })
})
