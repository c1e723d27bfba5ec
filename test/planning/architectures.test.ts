import { describe, expect, it } from 'vitest'
import { encoderSessions } from '../../src/planning/encoder/sessions.ts'
import { exact, product } from './rational.ts'
import { simulateWalls } from './simulate-walls.ts'
import { expectNear, expectSimulated, figures } from './support.ts'

const streams = ['cameras=200', 'main=4Mbps', 'sub=0.5Mbps']
const walls = ['viewers=20', 'tiles=9']
const large = ['zipf=1', 'dwell=60s', 'linger=30s']
/** Cameras on 20 walls of 9, exactly. */
const watched = exact(200).times(exact(1).minus(exact('0.955').power(20)))

describe('architectures (vectors A1 to A4)', () => {
  it('A1: always on', () => {
    const of = figures('architecture.always-on', ...streams)
    expectNear(of.uplink, 900)
    expectNear(of.wire, 950.142857, 1e-9)
    expect(of.saved).toBe(0)
  })

  it('A2: sub-streams on demand save little while main streams are recorded centrally', () => {
    const of = figures('architecture.on-demand', ...streams, ...walls)
    expectNear(of.watched, 120.366202)
    expectNear(
      of.uplink,
      exact(800)
        .plus(watched.times(exact('0.5')))
        .number(),
      1e-12,
    )
    expectNear(of.recording! + of.viewing!, of.uplink!, 1e-14)
    expect(of.saved).toBeLessThan(0.05)
  })

  it('A2 with cards: the same uplink, and a card for every 45 streams at 2 %', () => {
    const of = figures('architecture.hardware', ...streams, ...walls)
    expect(of.uplink).toBe(figures('architecture.on-demand', ...streams, ...walls).uplink)
    expect(of.cards).toBe(watched.by(exact(45)).up())
  })

  it('A3: recording at the edge saves most of it, and simulated', () => {
    const of = figures('architecture.edge', ...streams, ...walls, ...large)
    const samples = simulateWalls({ cameras: 200, viewers: 20, zipf: 1, tiles: 1, dwell: 60, linger: 30 }, 3_000, 31)
    const others = simulateWalls({ cameras: 200, viewers: 20, zipf: 0, tiles: 9, dwell: 60, linger: 0 }, 3_000, 32)
    expectSimulated(
      samples.map((mains, i) => 4 * mains + 0.5 * others[i]!),
      of.uplink!,
      0.003,
    )
    expectNear(of.uplink, 4 * of.mains! + watched.times(exact('0.5')).number(), 1e-12)
    expect(of.saved).toBeGreaterThan(0.8)
  })

  it('A4: transcodes are the main streams that are watched', () => {
    const of = figures('architecture.transcode', 'cameras=200', 'viewers=20', ...large)
    expectNear(of.transcodes, figures('viewers.closed', 'cameras=200', 'viewers=20', ...large).mean!)
    expectSimulated(
      simulateWalls({ cameras: 200, viewers: 20, zipf: 1, tiles: 1, dwell: 60, linger: 30 }, 3_000, 41),
      of.transcodes!,
      0.003,
    )
  })

  it('shows the document as it stands', () => {
    const of = figures('architecture.as-documented', 'cameras=200')
    expect(of).toMatchObject({
      optimised: 840,
      original: 1_200,
      'cores-original': 120,
      'cores-optimised': 80,
      cards: 1,
    })
    expectNear(of.saved, 0.3)
    expectNear(of['cores-saved'], 1 / 3)
    expectNear(of.dollars, 12_000)
    const relay = figures('architecture.shared-relay', 'cameras=200', 'viewers=5', 'sub=2Mbps')
    // The document says 83 %.
    expect(relay).toMatchObject({ uplink: 400, unshared: 2_000, saved: 0.8 })
    expectNear(figures('architecture.adaptive').saved, product(50, '1.5').number())
  })

  it('counts cards by the dearer half', () => {
    const of = { streams: 40, renditions: 1, encode: 0.02, decode: 0.02, fill: 0.9, limit: Number.POSITIVE_INFINITY }
    expect(encoderSessions(of)).toMatchObject({ cards: 1, decides: 'encode', encodes: 40, decodes: 40 })
    expect(encoderSessions({ ...of, streams: 45 }).cards).toBe(1)
    expect(encoderSessions({ ...of, streams: 46 }).cards).toBe(2)
    expect(encoderSessions({ ...of, decode: 0.05 })).toMatchObject({ cards: 3, decides: 'decode' })
    expect(encoderSessions({ ...of, renditions: 3, limit: 8 })).toMatchObject({ cards: 15, decides: 'sessions' })
    expect(encoderSessions({ ...of, renditions: 0 })).toMatchObject({ cards: 0, decodes: 0 })
    expect(encoderSessions({ ...of, streams: 0 }).cards).toBe(0)
  })
})
