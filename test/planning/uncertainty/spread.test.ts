import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../../src/planning/maths/normal.ts'
import { momentsGiven, spreadAt, TENTH } from '../../../src/planning/uncertainty/spread.ts'

const spreads = fc
  .tuple(
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.double({ min: 0, max: 10, noNaN: true }),
  )
  .map(([low, middle, high]) => ({ p10: low, p50: low + middle, p90: low + middle + high }))

describe('spreadAt', () => {
  it('meets P10, P50 and P90 exactly', () => {
    fc.assert(
      fc.property(spreads, spread => {
        expect(spreadAt(spread, -TENTH)).toBeCloseTo(spread.p10, 9)
        expect(spreadAt(spread, 0)).toBe(spread.p50)
        expect(spreadAt(spread, TENTH)).toBeCloseTo(spread.p90, 9)
      }),
    )
  })
})

describe('momentsGiven', () => {
  it('is the mean and variance of the value over what is its own, by a second way: a sum over quantiles', () => {
    const steps = 20_000
    const normals = Array.from({ length: steps }, (_, i) => normalQuantile((i + 0.5) / steps))
    fc.assert(
      fc.property(
        spreads,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (spread, common, rho) => {
          const values = normals.map(own => spreadAt(spread, Math.sqrt(rho) * common + Math.sqrt(1 - rho) * own))
          const mean = values.reduce((sum, value) => sum + value, 0) / steps
          const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / steps
          const moments = momentsGiven(spread, common, rho)
          const scale = 1 + spread.p90
          expect(Math.abs(moments.mean - mean)).toBeLessThan(1e-3 * scale)
          expect(Math.abs(moments.variance - variance)).toBeLessThan(3e-3 * scale ** 2)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is certain when P10, P50 and P90 are one', () => {
    expect(momentsGiven({ p10: 4, p50: 4, p90: 4 }, 1.7, 0.3)).toEqual({ mean: 4, variance: 0 })
  })
})
