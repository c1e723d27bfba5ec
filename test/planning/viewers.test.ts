import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomial } from '../../src/planning/maths/binomial.ts'
import { poissonBinomial } from '../../src/planning/maths/poisson-binomial.ts'
import { seededRandom } from '../../src/planning/maths/random.ts'
import { zipfShares } from '../../src/planning/maths/zipf.ts'
import { type ClosedViewers, watchedClosed } from '../../src/planning/viewers/closed.ts'
import { openChances, watchedOpen } from '../../src/planning/viewers/open.ts'
import { choose, exact } from './rational.ts'
import { simulateWalls } from './simulate-walls.ts'
import { expectNear, expectQuantile, expectSimulated, figure, figures } from './support.ts'

const N = 200
const closed = (more: Partial<ClosedViewers>) =>
  watchedClosed({ cameras: N, viewers: 20, zipf: 0, tiles: 1, dwell: 60, linger: 0, ...more })
const explained = (...settings: string[]) => figures('viewers.closed', `cameras=${N}`, ...settings)

/** Ways in which V viewers of k different cameras each see exactly 0, 1, 2... different ones: exact whole numbers. */
function waysToOccupy(cameras: number, viewers: number, tiles: number): { ways: bigint[]; all: bigint } {
  let ways = [1n, ...Array.from({ length: cameras }, () => 0n)]
  for (let viewer = 0; viewer < viewers; viewer++) {
    const next = ways.map(() => 0n)
    ways.forEach((count, known) => {
      for (let fresh = 0; count > 0n && fresh <= tiles && known + fresh <= cameras; fresh++)
        next[known + fresh]! += count * choose(cameras - known, fresh) * choose(known, tiles - fresh)
    })
    ways = next
  }
  return { ways, all: choose(cameras, tiles) ** BigInt(viewers) }
}

function momentsOf({ ways, all }: { ways: bigint[]; all: bigint }) {
  const moment = (power: number) =>
    exact(ways.reduce((sum, count, k) => sum + count * BigInt(k) ** BigInt(power), 0n)).by(exact(all))
  const mean = moment(1)
  return { mean: mean.number(), sd: Math.sqrt(moment(2).minus(mean.times(mean)).number()) }
}

function quantileOf({ ways, all }: { ways: bigint[]; all: bigint }, percent: bigint): number {
  let sum = 0n
  return ways.findIndex(count => {
    sum += count
    return sum * 100n >= all * percent
  })
}

/** The sum over pairs of cameras, for one tile: what the planner's series replaces. */
function spreadByPairs(shares: Float64Array, viewers: number, revisits: number): number {
  const open = (p: number) => (1 - p) ** viewers * Math.exp(-p * revisits)
  let variance = 0
  for (const [i, p] of shares.entries())
    for (const [j, q] of shares.entries())
      variance += (i === j ? open(p) : (1 - p - q) ** viewers * Math.exp(-(p + q) * revisits)) - open(p) * open(q)
  return Math.sqrt(variance)
}

describe('a fixed staff (vectors L1 to L9)', () => {
  it('L1 to L3: uniform popularity, against exact whole numbers', () => {
    const means = { 1: 1, 10: 9.777974, 20: 19.077904, 50: 44.337489, 100: 78.845913, 200: 126.608436 }
    for (const [viewers, mean] of Object.entries(means)) {
      const of = explained(`viewers=${viewers}`, 'zipf=0', 'tiles=1', 'linger=0s')
      expectNear(of.mean, mean)
      const truth = waysToOccupy(N, Number(viewers), 1)
      const moments = momentsOf(truth)
      expectNear(of.mean, moments.mean, 1e-12)
      expect(of.sd).toBeCloseTo(moments.sd, 9)
      expect([of.p50, of.p95, of.p99]).toEqual([50n, 95n, 99n].map(percent => quantileOf(truth, percent)))
    }
  })

  it('L2: the closed form of the spread', () => {
    for (const viewers of [20, 50]) {
      const form =
        N * (N - 1) * (1 - 2 / N) ** viewers + N * (1 - 1 / N) ** viewers - N ** 2 * (1 - 1 / N) ** (2 * viewers)
      expectNear(closed({ viewers }).sd, Math.sqrt(form), 1e-9)
    }
  })

  it('L4, L5: Zipf popularity', () => {
    const printed = { 0.6: 18.213044, 0.8: 16.932303, 1: 14.922024, 1.2: 12.534305 }
    for (const [zipf, mean] of Object.entries(printed))
      expectNear(explained('viewers=20', `zipf=${zipf}`, 'linger=0s').mean, mean)
    for (const zipf of [0.6, 0.8, 1, 1.2]) {
      const of = closed({ viewers: 50, zipf })
      const sum = Array.from({ length: N }, (_, i) => (i + 1) ** -zipf)
      const all = sum.reduce((a, b) => a + b)
      expectNear(
        of.mean,
        sum.reduce((mean, each) => mean + 1 - (1 - each / all) ** 50, 0),
        1e-12,
      )
      expectNear(of.sd, spreadByPairs(zipfShares(N, zipf), 50, 0), 1e-9)
      const samples = simulateWalls({ cameras: N, viewers: 50, zipf, tiles: 1, dwell: 60, linger: 0 }, 4_000, 5)
      expectSimulated(samples, of.mean, 0.002)
      for (const q of [0.5, 0.95, 0.99]) expectQuantile(samples, of.quantile(q), q)
    }
  })

  it('L6: harmonic numbers and the most popular camera', () => {
    const { harmonic, share } = figures('viewers.popularity', 'cameras=200', 'zipf=1', 'rank=1')
    expectNear(harmonic, 5.878030948, 1e-9)
    expectNear(share, 0.170124997, 1e-8)
    const sum = Array.from({ length: 200 }, (_, i) => exact(1).by(exact(i + 1))).reduce((a, b) => a.plus(b))
    expectNear(harmonic, sum.number(), 1e-15)
  })

  it('L7: walls of different tiles, against exact whole numbers', () => {
    const walls = [
      [4, 10, 36.585439],
      [9, 10, 73.798734],
      [16, 5, 68.183695],
      [16, 10, 113.122309],
      [9, 20, 120.366202],
    ] as const
    for (const [tiles, viewers, mean] of walls) {
      const of = explained(`tiles=${tiles}`, `viewers=${viewers}`, 'linger=0s')
      expectNear(of.mean, mean)
      const truth = waysToOccupy(N, viewers, tiles)
      const moments = momentsOf(truth)
      expectNear(of.mean, moments.mean, 1e-12)
      expectNear(of.sd, moments.sd, 1e-9)
      expect([of.p50, of.p95, of.p99]).toEqual([50n, 95n, 99n].map(percent => quantileOf(truth, percent)))
    }
  })

  it.each([0, 1])(
    'L8, L9: the linger, with Zipf %d: mixed over the number of cameras looked at, and simulated',
    zipf => {
      const shares = zipfShares(N, zipf)
      for (const dwell of [120, 60, 30, 10]) {
        const of = explained('viewers=20', `zipf=${zipf}`, `dwell=${dwell}s`, 'linger=30s')
        // Each viewer looks at one camera now, and at a Poisson number of others within the linger: all of them are draws.
        const revisits = (20 * 30) / dwell
        let [mean, chance] = [0, Math.exp(-revisits)]
        for (let more = 0; more < 400; more++) {
          mean += chance * shares.reduce((sum, p) => sum + 1 - (1 - p) ** (20 + more), 0)
          chance *= revisits / (more + 1)
        }
        expectNear(of.mean, mean, 1e-10)
        expectNear(of.sd, spreadByPairs(shares, 20, revisits), 1e-8)
        const samples = simulateWalls({ cameras: N, viewers: 20, zipf, tiles: 1, dwell, linger: 30 }, 3_000, 8)
        expectSimulated(samples, of.mean!, 0.003)
        expectQuantile(samples, of.p50!, 0.5)
        expectQuantile(samples, of.p95!, 0.95)
        expectQuantile(samples, of.p99!, 0.99)
      }
    },
  )

  it('walls that linger: exact in the mean for uniform popularity, within 1 % for Zipf', () => {
    const wall = { cameras: 60, viewers: 5, tiles: 6, dwell: 20, linger: 30 }
    const uniform = watchedClosed({ ...wall, zipf: 0 })
    const seen = simulateWalls({ ...wall, zipf: 0 }, 6_000, 3)
    expectSimulated(seen, uniform.mean, 0.003)
    expect(Math.abs(spreadOf(seen) / uniform.sd - 1)).toBeLessThan(0.06)
    const uneven = watchedClosed({ ...wall, zipf: 1 })
    const samples = simulateWalls({ ...wall, zipf: 1 }, 6_000, 4)
    expect(Math.abs(average(samples) / uneven.mean - 1)).toBeLessThan(0.01)
    expect(Math.abs(spreadOf(samples) / uneven.sd - 1)).toBeLessThan(0.06)
    expect(uneven.method).toBe('normal')
  })

  it('walls of unequal popularity without linger: exact in the mean', () => {
    const wall = { cameras: 30, viewers: 3, tiles: 5, zipf: 1.2, dwell: 20, linger: 0 }
    const of = watchedClosed(wall)
    expectSimulated(simulateWalls(wall, 8_000, 11), of.mean, 0.003)
  })

  it('has the spread that summing over pairs of cameras gives, however uneven popularity is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 8, noNaN: true }),
        fc.constantFrom(0, 0.1, 3),
        (cameras, viewers, zipf, dwells) => {
          const of = watchedClosed({ cameras, viewers, zipf, tiles: 1, dwell: 1, linger: dwells })
          const truth = spreadByPairs(zipfShares(cameras, zipf), viewers, viewers * dwells)
          // The sum over pairs itself is a difference of numbers near cameras squared.
          expect(Math.abs(of.sd ** 2 - (truth || 0) ** 2)).toBeLessThan(1e-11 * cameras ** 2)
        },
      ),
      { numRuns: 150, seed: 5 },
    )
  })

  it('the generating function and the recursion agree where both apply', () => {
    // A Zipf exponent of nothing much is uniform popularity by the other way.
    for (const [viewers, linger] of [
      [1, 0],
      [7, 0],
      [20, 30],
      [90, 10],
    ] as const) {
      const [even, uneven] = [closed({ viewers, linger }), closed({ viewers, linger, zipf: 1e-12 })]
      for (const q of [0.001, 0.05, 0.5, 0.95, 0.999]) expect(uneven.quantile(q)).toBe(even.quantile(q))
      expectNear(uneven.mean, even.mean, 1e-9)
      expect([even.method, uneven.method]).toEqual(['exact', 'exact'])
    }
  })
})

const average = (samples: readonly number[]) => samples.reduce((sum, x) => sum + x, 0) / samples.length
const spreadOf = (samples: readonly number[]) => {
  const mean = average(samples)
  return Math.sqrt(samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (samples.length - 1))
}

describe('visitors (vectors L10 to L12)', () => {
  const explainedOpen = (...settings: string[]) =>
    figures('viewers.open', `cameras=${N}`, 'arrivals=1/6/s', 'session=120s', ...settings)
  const visits = (zipf: number, linger: number) => ({ cameras: N, arrivals: 1 / 6, session: 120, linger, zipf })

  it('L10: Zipf popularity', () => {
    expectNear(explainedOpen('zipf=1', 'linger=0s').mean, 14.836772)
    const of = explainedOpen('zipf=1', 'linger=30s')
    expectNear(of.mean, 17.731607)
    expect([of.p50, of.p95, of.p99]).toEqual([18, 24, 26])
    expect(figures('viewers.open', 'arrivals=600/h', 'session=2min', 'linger=30s', 'zipf=1')).toEqual(of)
  })

  it('L11: uniform popularity, as a binomial and as a sum of cameras', () => {
    for (const linger of [0, 30]) {
      const of = explainedOpen('zipf=0', `linger=${linger}s`)
      expectNear(of.mean, 200 * (1 - Math.exp(-(120 + linger) / 6 / 200)), 1e-12)
      const sum = poissonBinomial(openChances(visits(0, linger)))
      expect([of.p50, of.p95, of.p99]).toEqual([0.5, 0.95, 0.99].map(q => sum.quantile(q)))
      expectNear(of.sd, sum.sd, 1e-12)
      expectNear(of.mean, sum.mean, 1e-12)
    }
  })

  it.each([0, 30])('L12: starts an hour with a linger of %d s, as renewals and simulated', linger => {
    const starts = explainedOpen('zipf=1', `linger=${linger}s`)['starts-per-hour']!
    // A camera is closed for 1 / rate, then open for (e^load - 1) / rate: one start in each such cycle.
    const rates = zipfShares(N, 1).map(share => share / 6)
    const cycles = rates.map(rate => 1 / (1 / rate + Math.expm1(rate * (120 + linger)) / rate))
    expectNear(starts, 3_600 * cycles.reduce((sum, x) => sum + x, 0), 1e-11)
    // Sessions of exponential length, hour after hour.
    const random = seededRandom(12)
    const cumulative = zipfShares(N, 1).map(sumUp())
    const until = new Float64Array(N).fill(-1)
    let time = 0
    const hours = Array.from({ length: 700 }, (_, hour) => {
      let started = 0
      for (; time < 3_600 * (hour + 1); time += -Math.log(1 - random()) * 6) {
        const camera = cumulative.findIndex(sum => sum > random0)
        random0 = random()
        if (until[camera]! < time) started++
        until[camera] = Math.max(until[camera]!, time - Math.log(1 - random()) * 120 + linger)
      }
      return started
    })
    expectSimulated(hours.slice(1), starts, 0.003)
    expectNear(watchedOpen(visits(1, linger)).mean, linger === 0 ? 14.836772 : 17.731607)
  })

  let random0 = 0.5
  const sumUp = () => {
    let sum = 0
    return (share: number) => {
      sum += share
      return sum
    }
  }
})

describe('how many of n at once (vector L15)', () => {
  it.each([
    [200, '0.1', 95],
    [200, '0.1', 99],
    [60, '0.5', 99],
  ] as const)('n = %d, p = %s, P%d: against exact whole numbers, and as a sum of people', (n, p, percent) => {
    const quantile = figure('binomial.quantile', `n=${n}`, `p=${p}`, `q=${percent}%`)
    const [chance, rest] = [exact(p), exact(1).minus(exact(p))]
    let sum = exact(0)
    let least = -1
    while (!exact(percent).by(exact(100)).atMost(sum)) {
      least++
      sum = sum.plus(
        exact(choose(n, least))
          .times(chance.power(least))
          .times(rest.power(n - least)),
      )
    }
    expect(quantile).toBe(least)
    expect(poissonBinomial(new Float64Array(n).fill(Number(p))).quantile(percent / 100)).toBe(quantile)
    expect(binomial(n, Number(p)).mean).toBeCloseTo(n * Number(p), 12)
  })
})
