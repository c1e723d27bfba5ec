import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomial, binomialAtLeast } from '../../../src/planning/maths/binomial.ts'
import { normalCount } from '../../../src/planning/maths/distribution.ts'
import { logChoose, logFactorial } from '../../../src/planning/maths/log-gamma.ts'
import { poissonBinomial } from '../../../src/planning/maths/poisson-binomial.ts'
import { wholeUp } from '../../../src/planning/maths/whole-up.ts'
import { harmonic, zipfShares } from '../../../src/planning/maths/zipf.ts'
import { choose } from '../rational.ts'
import { expectNear } from '../support.ts'

const QUANTILES = [0.01, 0.1, 0.5, 0.9, 0.95, 0.99]

describe('factorials', () => {
  it('are those of whole numbers', () => {
    let product = 1n
    for (let n = 1; n <= 170; n++) {
      product *= BigInt(n)
      expectNear(logFactorial(n), Math.log(Number(product)), 1e-14)
    }
    for (const [n, k] of [
      [200, 20],
      [1_000, 500],
    ] as const)
      expectNear(logChoose(n, k), Math.log(Number(choose(n, k))), 1e-13)
    expect([logChoose(5, -1), logChoose(5, 6)]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])
  })
})

describe('sums of independent things', () => {
  it('are what counting every combination gives', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(chance, { minLength: 1, maxLength: 9 }), chances => {
        const counts = new Float64Array(chances.length + 1)
        for (let set = 0; set < 2 ** chances.length; set++) {
          const p = chances.reduce((product, each, i) => product * (set & (1 << i) ? each : 1 - each), 1)
          counts[set.toString(2).replaceAll('0', '').length]! += p
        }
        const of = poissonBinomial(chances)
        expect(of.mean).toBeCloseTo(
          counts.reduce((sum, p, k) => sum + p * k, 0),
          12,
        )
        for (const q of QUANTILES) {
          const below = (k: number) => counts.slice(0, Math.max(0, k + 1)).reduce((sum, p) => sum + p, 0)
          const quantile = of.quantile(q)
          expect(below(quantile)).toBeGreaterThanOrEqual(q - 1e-9)
          expect(below(quantile - 1)).toBeLessThan(q + 1e-9)
        }
      }),
      { numRuns: 60, seed: 2 },
    )
  })

  it('are binomial when all are alike, of any size', () => {
    for (const [n, p] of [
      [1, 0.3],
      [60, 0.5],
      [3_000, 0.001],
      [3_000, 0.97],
    ] as const) {
      const [one, other] = [binomial(n, p), poissonBinomial(new Float64Array(n).fill(p))]
      expectNear(one.mean, other.mean, 1e-12)
      expectNear(one.sd, other.sd, 1e-12)
      for (const q of QUANTILES) expect(one.quantile(q)).toBe(other.quantile(q))
    }
    const large = binomial(1_000_000, 0.3)
    const normal = normalCount(300_000, large.sd, 1_000_000)
    for (const q of QUANTILES) expect(Math.abs(large.quantile(q) - normal.quantile(q))).toBeLessThanOrEqual(1)
  })

  it('are taken as normal beyond 20,000, which costs one count at most there', () => {
    const shares = zipfShares(20_000, 0.8).map(share => -Math.expm1(-5_000 * share))
    const exact = poissonBinomial(shares)
    const normal = normalCount(exact.mean, exact.sd, shares.length)
    expect([exact.method, normal.method]).toEqual(['exact', 'normal'])
    for (const q of QUANTILES) expect(Math.abs(exact.quantile(q) - normal.quantile(q))).toBeLessThanOrEqual(1)
    expect(poissonBinomial(new Float64Array(20_001).fill(0.1)).method).toBe('normal')
  })

  it('have tails that add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        for (const k of [0, 1, n >> 1, n])
          expect(binomialAtLeast(k, n, p) + binomialAtLeast(n - k + 1, n, 1 - p)).toBeCloseTo(1, 11)
      }),
      { seed: 3 },
    )
    // Seven nodes of ten lost at once: a small chance keeps its digits.
    expectNear(binomialAtLeast(7, 10, 1e-6), 120e-42, 1e-5)
    expect([binomialAtLeast(3, 2, 0.5), binomialAtLeast(1, 2, 0), binomialAtLeast(2, 2, 1)]).toEqual([0, 0, 1])
  })
})

describe('popularity', () => {
  it('sums to one and falls with the rank', () => {
    for (const s of [0, 0.6, 1, 2]) {
      const shares = zipfShares(1_000, s)
      expectNear(
        shares.reduce((sum, x) => sum + x, 0),
        1,
        1e-12,
      )
      expectNear(shares[0], 1 / harmonic(1_000, s), 1e-13)
      for (let i = 1; i < 1_000; i++) expect(shares[i]).toBeLessThanOrEqual(shares[i - 1]!)
    }
  })
})

describe('things that are bought whole', () => {
  it('are not bought for what binary fractions add', () => {
    expect([0, 0.1 + 0.2 + 2.7, 3.0000001, 2.5, 1e6, 4.1 / 0.1].map(wholeUp)).toEqual([0, 3, 4, 3, 1e6, 41])
  })
})
