import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClosedViewers, watchedClosed } from '../../src/planning/viewers/closed.ts'
import { type OpenViewers, startsPerHour, watchedOpen } from '../../src/planning/viewers/open.ts'
import { figures } from './support.ts'

const closed: fc.Arbitrary<ClosedViewers> = fc.record({
  cameras: fc.integer({ min: 0, max: 150 }),
  viewers: fc.integer({ min: 0, max: 60 }),
  zipf: fc.constantFrom(0, 0, 0.5, 1, 1.5, 4),
  tiles: fc.integer({ min: 0, max: 12 }),
  dwell: fc.integer({ min: 1, max: 600 }),
  linger: fc.constantFrom(0, 0, 5, 30, 300),
})
const open: fc.Arbitrary<OpenViewers> = fc.record({
  cameras: fc.integer({ min: 0, max: 300 }),
  arrivals: fc.double({ min: 0, max: 5, noNaN: true }),
  session: fc.integer({ min: 0, max: 600 }),
  linger: fc.constantFrom(0, 30),
  zipf: fc.constantFrom(0, 0.8, 1, 3),
})
const few = { numRuns: 60, seed: 6 }

describe('watched cameras, whatever is asked', () => {
  it('are between none and all, with ordered quantiles around the mean', () => {
    const check = (cameras: number, of: ReturnType<typeof watchedClosed>) => {
      const quantiles = [0, 0.01, 0.5, 0.95, 0.99, 1].map(q => of.quantile(q))
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
      for (const k of quantiles) expect(Number.isInteger(k) && k >= 0 && k <= cameras).toBe(true)
      expect(of.mean).toBeGreaterThanOrEqual(0)
      expect(of.mean).toBeLessThanOrEqual(cameras * (1 + 1e-9))
      // Median and mean are no farther apart than a standard deviation; a count is whole.
      expect(Math.abs(of.quantile(0.5) - of.mean)).toBeLessThanOrEqual(of.sd + 1)
    }
    fc.assert(
      fc.property(closed, wall => check(wall.cameras, watchedClosed(wall))),
      few,
    )
    fc.assert(
      fc.property(open, visits => check(visits.cameras, watchedOpen(visits))),
      few,
    )
  })

  it('have the spread of their exact distribution, and are at least one per tile', () => {
    fc.assert(
      fc.property(closed, wall => {
        const of = watchedClosed(wall)
        const tiles = wall.viewers === 0 ? 0 : Math.min(wall.tiles, wall.cameras)
        expect(of.mean).toBeGreaterThanOrEqual(tiles - 1e-9)
        if (of.method === 'exact') expect(of.quantile(0)).toBeGreaterThanOrEqual(wall.linger === 0 ? tiles : 0)
        expect(of.sd).toBeLessThanOrEqual(Math.sqrt(of.mean) + 1e-6)
      }),
      few,
    )
  })

  it('are no fewer with more viewers, tiles or linger, and with more popular cameras no more', () => {
    const mean = (wall: ClosedViewers) => watchedClosed(wall).mean + 1e-9
    fc.assert(
      fc.property(closed, wall => {
        expect(mean({ ...wall, viewers: wall.viewers + 1 })).toBeGreaterThanOrEqual(watchedClosed(wall).mean)
        expect(mean({ ...wall, tiles: wall.tiles + 1 })).toBeGreaterThanOrEqual(watchedClosed(wall).mean)
        expect(mean({ ...wall, linger: wall.linger + 10 })).toBeGreaterThanOrEqual(watchedClosed(wall).mean)
        expect(mean({ ...wall, cameras: wall.cameras + 1 })).toBeGreaterThanOrEqual(watchedClosed(wall).mean)
        expect(mean({ ...wall, zipf: 0 })).toBeGreaterThanOrEqual(watchedClosed(wall).mean)
      }),
      few,
    )
    fc.assert(
      fc.property(open, visits => {
        const more = watchedOpen({ ...visits, arrivals: visits.arrivals + 0.1, linger: visits.linger + 1 })
        expect(more.mean + 1e-9).toBeGreaterThanOrEqual(watchedOpen(visits).mean)
        // A longer linger only ever saves starts.
        const lingering = { ...visits, linger: visits.linger + 10 }
        expect(startsPerHour(lingering)).toBeLessThanOrEqual(startsPerHour(visits) + 1e-9)
      }),
      few,
    )
  })

  it('are none without cameras, viewers, tiles or visits', () => {
    const wall = { cameras: 200, viewers: 20, zipf: 1, tiles: 9, dwell: 60, linger: 30 }
    for (const none of [{ cameras: 0 }, { viewers: 0 }, { tiles: 0 }])
      expect(watchedClosed({ ...wall, ...none })).toMatchObject({ mean: 0, sd: 0 })
    const visits = { cameras: 200, arrivals: 0, session: 120, linger: 30, zipf: 1 }
    expect(watchedOpen(visits).quantile(0.99)).toBe(0)
    expect(startsPerHour(visits)).toBe(0)
    expect(watchedOpen({ ...visits, cameras: 0, arrivals: 1 }).mean).toBe(0)
    // The owner's only camera, and a wall that shows everything.
    expect(watchedClosed({ ...wall, cameras: 1 })).toMatchObject({ mean: 1, sd: 0 })
    expect(watchedClosed({ ...wall, tiles: 200 }).quantile(0.5)).toBe(200)
    expect(watchedClosed({ ...wall, viewers: 1, tiles: 1, cameras: 2, zipf: 10 }).mean).toBeLessThan(1.01)
  })
})

describe('a million cameras', () => {
  it.each([
    ['viewers.closed', 'viewers=1000', 'zipf=0', 'tiles=9'],
    ['viewers.closed', 'viewers=1000000', 'zipf=1', 'tiles=1'],
    ['viewers.closed', 'viewers=100000', 'zipf=0.8', 'tiles=16'],
    ['viewers.open', 'arrivals=100000/s', 'zipf=0'],
    ['viewers.open', 'arrivals=1000/s', 'zipf=1'],
  ])('%s %s %s %s answers at once', (id, ...settings) => {
    const start = process.cpuUsage()
    const of = figures(id, 'cameras=1000000', ...settings)
    // A fraction of a second; processor time, for the machine may be busy.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5)
    expect(of.mean).toBeGreaterThan(0)
    expect(of.mean).toBeLessThanOrEqual(1_000_000.001)
    expect(of.sd).toBeLessThan(1_000)
    expect([of.p50, of.p95, of.p99]).toEqual([of.p50!, of.p95!, of.p99!].toSorted((a, b) => a - b))
  })
})
