import { describe, expect, it } from 'vitest'
import { survivesEachLoss } from '../../src/planning/availability/failover.ts'
import { seededRandom } from '../../src/planning/maths/random.ts'
import { choose, exact, product } from './rational.ts'
import { expectNear, expectSimulated, figure, figures } from './support.ts'

describe('failover and availability (vectors F1 to F6)', () => {
  it('F1: four of four and four of five nodes', () => {
    const all = figure('availability.k-of-n', 'k=4', 'n=4', 'each=0.995')
    expectNear(all, exact('0.995').power(4).number(), 1e-14)
    const of = figures('availability.k-of-n', 'k=4', 'n=5', 'each=99.5%')
    const [up, down] = [exact('0.995'), exact('0.005')]
    const truth = [4, 5]
      .map(i =>
        exact(choose(5, i))
          .times(up.power(i))
          .times(down.power(5 - i)),
      )
      .reduce((a, b) => a.plus(b))
    expectNear(of.availability, truth.number(), 1e-14)
    expectNear(of.downtime, exact(1).minus(truth).times(exact(8_760)).number(), 1e-12)
    // The other way: all combinations of up and down, one by one.
    let sum = 0
    for (let nodes = 0; nodes < 32; nodes++) {
      const count = nodes.toString(2).replaceAll('0', '').length
      if (count >= 4) sum += 0.995 ** count * 0.005 ** (5 - count)
    }
    expectNear(of.availability, sum, 1e-14)
  })

  it('F2: one of five may fail', () => {
    expect(figures('failover.spare', 'nodes=5', 'cameras=200')).toEqual({ load: 0.8, before: 40, after: 50 })
    expect(figures('failover.spare', 'nodes=1')).toMatchObject({ load: 0, after: 0 })
  })

  it("F3: Nx's printed example", () => {
    expect(survivesEachLoss(256, [160, 128, 176])).toEqual([
      { load: 160, spare: 208, fits: true },
      { load: 128, spare: 176, fits: true },
      { load: 176, spare: 224, fits: true },
    ])
    expect(figures('failover.slots', 'capacity=256', 'loads=160,128,176')).toEqual({ survived: 3, nodes: 3, least: 48 })
    expect(figures('failover.slots', 'capacity=256', 'loads=250,250')).toEqual({ survived: 0, nodes: 2, least: -244 })
  })

  it('F4: from the death of a node to video, and simulated', () => {
    const of = figures('failover.recovery', 'lease=15s', 'renew=5s', 'poll=1s', 'connect=1s', 'gop=2s')
    expect(of).toEqual({ mean: 15, worst: 19 })
    const random = seededRandom(4)
    const times = Array.from({ length: 20_000 }, () => {
      const renewed = 5 * Math.floor(random() * 1_000)
      const death = renewed + 5 * random()
      const expires = renewed + 15
      const phase = random()
      const polled = Math.ceil(expires - phase) + phase
      const connected = polled + 1
      const key = random() * 2
      return Math.ceil((connected - key) / 2) * 2 + key - death
    })
    expectSimulated(times, of.mean!, 0.001)
    expect(Math.max(...times)).toBeLessThan(of.worst!)
    expect(Math.max(...times)).toBeGreaterThan(of.worst! - 0.4)
  })

  it('F5: starts that are spread out', () => expect(figure('failover.restart', 'cameras=50', 'rate=10/s')).toBe(5))

  it('F6: after an outage of the uplink, and minute by minute', () => {
    const of = figures('uplink.drain', 'bitrate=64Mbps', 'outage=2h', 'uplink=200Mbps')
    expectNear(of.backlog, 57.6)
    expectNear(of.time, product(64, 7_200).by(exact(136)).number(), 1e-13)
    let waiting = 64 * 7_200
    let seconds = 0
    for (; waiting > 0; seconds++) waiting += 64 - 200
    expect(seconds).toBe(Math.ceil(of.time!))
    expect(figures('uplink.drain', 'bitrate=64Mbps', 'uplink=64Mbps').time).toBe(null)
    expect(figures('uplink.drain', 'bitrate=64Mbps', 'uplink=64Mbps', 'outage=0s').time).toBe(0)
  })
})
