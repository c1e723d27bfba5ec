import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onDemand } from '../../../src/planning/architectures/uplinks.ts'
import { rtspTcpFactor } from '../../../src/planning/network/overhead.ts'
import { requiredCapacity, storageVolume } from '../../../src/planning/storage/volume.ts'
import { correlatedSum } from '../../../src/planning/uncertainty/correlated.ts'
import { TENTH } from '../../../src/planning/uncertainty/spread.ts'
import { watchedClosed } from '../../../src/planning/viewers/closed.ts'
import { figure, planOf } from '../plan-support.ts'

/** Nothing uncertain: every figure is then a formula's. */
const CERTAIN = {
  bitrate: '4Mbps,4Mbps,4Mbps',
  'sub-bitrate': '500kbps,500kbps,500kbps',
  'night-factor': '1',
  linger: '0s',
}
const rate = (value: number) => `${value}bps`

describe('planSite where nothing is uncertain', () => {
  const plan = planOf({ cameras: '200', ...CERTAIN })

  it('is the closed form of storage (S2, R3)', () => {
    const video = storageVolume({ bitrate: 4e6, hours: 24, days: 30, cameras: 200 }) * 1.001
    expect(figure(plan, 'storage.video').p95 / video).toBeCloseTo(1, 9)
    const raw = requiredCapacity({ need: video, filesystem: 0.05, headroom: 0.2 })
    expect(figure(plan, 'storage.raw').p50 / raw).toBeCloseTo(1, 9)
  })

  it('splits ingest for recording, ingest for viewing and uplink (A2)', () => {
    const { mean, quantile } = watchedClosed({ cameras: 200, viewers: 20, zipf: 0, tiles: 9, dwell: 60, linger: 0 })
    const { recording, viewing, uplink } = onDemand({ cameras: 200, main: 4e6, sub: 5e5, watched: mean })
    expect(figure(plan, 'ingest.recording.day').p95).toBe(recording)
    expect(figure(plan, 'ingest.viewing').mean / viewing).toBeCloseTo(1, 3)
    expect(figure(plan, 'uplink').mean / (uplink * rtspTcpFactor(1400))).toBeCloseTo(1, 3)
    expect(plan.watched).toMatchObject({ p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), exact: true })
  })

  it('weighs day and night by their hours (S4: 367.2 TB for 14 h at 4 and 10 h at 8 Mbps)', () => {
    const night = planOf({ cameras: '200', ...CERTAIN, 'night-factor': '2', container: '0%' })
    expect(figure(night, 'storage.video').p50 / 367.2e12).toBeCloseTo(1, 9)
    expect(figure(night, 'ingest.recording.night').p50).toBe(1.6e9)
  })

  it('sends viewers of 20 walls 170 Mbps (N4)', () => {
    expect(figure(plan, 'relay.out').p50).toBeCloseTo(170e6, 3)
  })

  it('makes of 28 disks two RAID-6 groups and a spare: 92 TB (R2)', () => {
    const { disks } = planOf({ cameras: '10', ...CERTAIN, disks: '28x4TB', 'raid-group': '14' })
    expect(disks).toMatchObject({ disks: 28, groups: 2, spares: 1, usable: 92e12 })
  })

  it('costs recording what was measured, by frames and bits', () => {
    const cores = { 'record-cpu': '0.0009' }
    expect(figure(planOf({ cameras: '200', ...CERTAIN, ...cores }), 'cpu.recording').p50).toBeCloseTo(0.18, 6)
    // 1,000 at 1 Mbps took 51.3 %, of which the model must not be far.
    const small = planOf({ cameras: '1000', ...CERTAIN, ...cores, bitrate: '1Mbps,1Mbps,1Mbps' })
    expect(Math.abs(figure(small, 'cpu.recording').p50 / 0.513 - 1)).toBeLessThan(0.02)
  })
})

describe('Monte Carlo', () => {
  it('is within its own confidence of the correlated normal sum (U1), for any number, spread and correlation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0.05, max: 0.3, noNaN: true }),
        fc.constantFrom(0, 0.1, 0.3, 0.7, 1),
        fc.integer({ min: 0, max: 1_000_000 }),
        (cameras, relative, rho, seed) => {
          const sd = 4e6 * relative
          const bitrate = [4e6 - TENTH * sd, 4e6, 4e6 + TENTH * sd].map(rate).join(',')
          const draws = 2_048
          const settings = { cameras: `${cameras}`, correlation: `${rho}`, bitrate, draws: `${draws}`, seed: `${seed}` }
          const found = figure(planOf(settings), 'ingest.recording.day')
          const exact = correlatedSum({ cameras, mean: 4e6, sd, rho })
          // The standard error of a mean and of a P95 (density 0.1031 / sd there) of as many random draws; four of them.
          const error = exact.sd / Math.sqrt(draws)
          expect(Math.abs(found.mean - exact.mean)).toBeLessThan(4 * error + 1e-9 * exact.mean)
          expect(Math.abs(found.p95 - exact.p95)).toBeLessThan(
            4 * error * (Math.sqrt(0.05 * 0.95) / 0.1031) + 1e-9 * exact.mean,
          )
        },
      ),
      { numRuns: 30 },
    )
  })

  it('gives the same figures to the last digit for the same seed, and others for another', () => {
    const settings = { cameras: '200', seed: '7' }
    expect(JSON.stringify(planOf(settings))).toBe(JSON.stringify(planOf(settings)))
    expect(figure(planOf({ ...settings, seed: '8' }), 'uplink').p95).not.toBe(figure(planOf(settings), 'uplink').p95)
  })

  it('names what spreads a figure most', () => {
    const [widest] = figure(
      planOf({ cameras: '200', 'night-factor': '1', 'price-disk': '20USD' }),
      'storage.raw',
    ).spread
    expect(widest).toMatchObject({ key: 'bitrate' })
    expect(widest!.high).toBeGreaterThan(widest!.low)
    const cost = figure(planOf({ cameras: '200', 'price-energy': '0.2USD' }), 'cost.total')
    expect(cost.spread.map(({ key }) => key)).toEqual(['price-disk'])
  })
})

describe('more cameras', () => {
  it('need more of everything, never less', () => {
    const sizes = fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 3_000 }))
    const ways = fc.record({
      'record-at': fc.constantFrom('centre', 'edge'),
      'viewer-model': fc.constantFrom('wall', 'visits'),
    })
    fc.assert(
      fc.property(sizes, ways, ([few, more], way) => {
        const fixed = { tiles: '0', full: '0', ...way }
        const [a, b] = [planOf({ cameras: `${few}`, ...fixed }), planOf({ cameras: `${few + more}`, ...fixed })]
        for (const { id, p50, p95 } of a.figures) {
          expect(figure(b, id).p50, id).toBeGreaterThanOrEqual(p50 * (1 - 1e-12))
          expect(figure(b, id).p95, id).toBeGreaterThanOrEqual(p95 * (1 - 1e-12))
        }
        expect(b.disks.disks).toBeGreaterThanOrEqual(a.disks.disks)
        expect(b.nodes.nodes).toBeGreaterThanOrEqual(a.nodes.nodes)
        expect(b.watched.mean).toBeGreaterThanOrEqual(a.watched.mean - 1e-9)
      }),
      { numRuns: 25 },
    )
  })

  it('add up where nothing is correlated by chance: means of two sites are the mean of both', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 2_000 }), (a, b) => {
        const mean = (cameras: number) => {
          const plan = planOf({ cameras: `${cameras}`, correlation: '1' })
          return (['ingest.recording.day', 'storage.video', 'cpu.recording'] as const).map(id => figure(plan, id).mean)
        }
        const [first, second, both] = [mean(a), mean(b), mean(a + b)]
        for (const [i, value] of both.entries()) expect(value / (first[i]! + second[i]!)).toBeCloseTo(1, 9)
      }),
      { numRuns: 20 },
    )
  })

  it('break what the limits say: with as many everything fits at P95, with one more the first does not', () => {
    for (const settings of [
      { uplink: '1Gbps', disks: '12x16TB' },
      { uplink: 'none', nodes: '2', cores: '2' },
      { uplink: 'none', disks: '40', 'record-at': 'edge', zones: '5' },
      { uplink: '200Mbps', 'record-at': 'edge', popularity: '1' },
    ] as Record<string, string>[]) {
      const plan = planOf({ cameras: '100', ...settings })
      for (const { resource, sized, cameras, name } of plan.limits) {
        // Fewer cameras than tiles are another plan.
        if (sized || cameras === null || cameras < 9) continue
        const at = (count: number) =>
          planOf({ cameras: `${count}`, ...settings }).limits.find(limit => limit.resource === resource)!
        const [fits, over] = [at(cameras), at(cameras + 1)]
        expect(fits.need, name).toBeLessThanOrEqual(fits.capacity * (1 + 1e-9))
        expect(over.need, name).toBeGreaterThan(over.capacity)
      }
      expect(plan.limits.map(limit => limit.cameras ?? Number.POSITIVE_INFINITY)).toEqual(
        plan.limits.map(limit => limit.cameras ?? Number.POSITIVE_INFINITY).sort((x, y) => x - y),
      )
    }
  })
})

describe('what is sized', () => {
  it('carries P95, and is not a group or a node too much', () => {
    const plan = planOf({ cameras: '200', uplink: 'none' })
    expect(plan.most).toBeGreaterThanOrEqual(200)
    expect(plan.disks.retention!.p95).toBeGreaterThanOrEqual(30 * 86_400_000)
    const less = planOf({ cameras: '200', uplink: 'none', disks: `${plan.disks.disks - 12}` })
    expect(less.disks.retention!.p95).toBeLessThan(30 * 86_400_000)
    expect(less.notes.join()).toContain('not 30 days')
  })

  it('says when the others cannot carry what a dead node leaves', () => {
    const plan = planOf({ cameras: '900', nodes: '2', 'node-cameras': '500' })
    expect(plan.nodes.survives).toBeCloseTo(500 / 900, 6)
    expect(plan.notes.join()).toMatch(/carry 55\.6 % of the load/)
  })

  it('takes cards by their dearer half, decoding', () => {
    const plan = planOf({ cameras: '500', transcode: '100%', accelerator: 't4', fps: '30' })
    expect(plan.encoder).toMatchObject({ perCard: 38, decides: 'encode' })
    const large = planOf({ cameras: '500', transcode: '100%', accelerator: 't4', fps: '30', resolution: '4k' })
    expect(large.encoder).toMatchObject({ perCard: 12, decides: 'decode' })
    expect(large.encoder.cards).toBe(Math.ceil(large.encoder.transcodes / 12.5))
  })
})

describe('fair questions', () => {
  it('no cameras need nothing', () => {
    const plan = planOf({ cameras: '0' })
    for (const { id, p95 } of plan.figures) expect(p95, id).toBe(0)
    expect([plan.disks.disks, plan.nodes.nodes, plan.bill.lines.length]).toEqual([0, 0, 0])
    expect(JSON.stringify(plan)).not.toMatch(/NaN|null,"p50":null/)
  })

  it('a million cameras do not overflow', () => {
    const plan = planOf({ cameras: '1000000', growth: '10%' })
    for (const { id, p50, p95 } of plan.figures) expect(Number.isFinite(p50) && Number.isFinite(p95), id).toBe(true)
  })

  it('any combination of settings gives finite figures in order', () => {
    const any = fc.record({
      cameras: fc.constantFrom('0', '1', '2', '9', '150', '5000'),
      codec: fc.constantFrom('h264', 'h265'),
      resolution: fc.constantFrom('vga', '4k'),
      'smart-codec': fc.constantFrom('on', 'off'),
      'sub-bitrate': fc.constantFrom('none', '500kbps'),
      'viewer-model': fc.constantFrom('wall', 'visits'),
      'record-at': fc.constantFrom('centre', 'edge'),
      correlation: fc.constantFrom('0', '0.3', '1'),
      hours: fc.constantFrom('0', '12', '24'),
      motion: fc.constantFrom('5%', '100%'),
      transcode: fc.constantFrom('0', '50%'),
      accelerator: fc.constantFrom('none', 'flex140'),
      raid: fc.constantFrom('none', 'raid1', 'raid5', 'raid10'),
      popularity: fc.constantFrom('0', '0.8'),
      linger: fc.constantFrom('0s', '30s'),
    })
    fc.assert(
      fc.property(any, settings => {
        const plan = planOf(settings)
        for (const { id, p50, p90, p95 } of plan.figures) {
          expect(Number.isFinite(p95), id).toBe(true)
          expect(p50 >= 0 && p50 <= p90 && p90 <= p95, id).toBe(true)
        }
        // What JSON cannot carry would come back as null.
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
      }),
      { numRuns: 40 },
    )
  })
})
