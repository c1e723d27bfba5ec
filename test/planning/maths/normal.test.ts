import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../../src/planning/maths/normal.ts'
import { expectNear } from '../support.ts'

describe('the normal distribution', () => {
  it('has the figures of the tables', () => {
    expectNear(normalQuantile(0.95), 1.6448536269514722, 1e-14)
    expectNear(normalQuantile(0.975), 1.959963984540054, 1e-14)
    expectNear(normalCdf(-5), 2.866515718791939e-7, 1e-13)
    expectNear(normalCdf(-10), 7.61985302416053e-24, 1e-12)
    expect(normalCdf(0)).toBe(0.5)
  })

  it('agrees with the integral of its density', () => {
    for (const x of [0.3, 1, 2.9, 3.1, 5]) {
      let sum = 0
      const steps = 4_000
      // Simpson's rule.
      for (let i = 0; i <= steps; i++) {
        const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2
        sum += weight * Math.exp(-(((x * i) / steps) ** 2) / 2)
      }
      expectNear(normalCdf(x), 0.5 + ((sum / 3) * (x / steps)) / Math.sqrt(2 * Math.PI), 1e-13)
    }
  })

  it('has a quantile that is the inverse, in both tails', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 5, noNaN: true }), x => {
        const p = normalCdf(x)
        // Near 1 the chance itself has no more digits.
        expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(x > 0 ? 1e-9 : 1e-13 * Math.max(1, Math.abs(x)) * 10)
      }),
      { seed: 1 },
    )
    expect([0, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
})
