import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArrivalTimes } from '../../../src/media/source/arrival-times.ts'

const FRAME = 40

describe('arrival times', () => {
  it('are within a frame the times at which frames came, whatever the rests between reads', () => {
    const times = new ArrivalTimes()
    for (let frame = 0; frame < 1_000; frame++) {
      const sent = frame * FRAME
      // Read every 200 ms, from the second second on.
      const read = sent < 1_000 ? sent + 3 : Math.ceil((sent + 3) / 200) * 200
      expect(Math.abs(times.at(sent, read) - (sent + 3))).toBeLessThan(FRAME)
    }
  })

  it('are not moved by a network that held up two seconds of frames', () => {
    const times = new ArrivalTimes()
    for (let frame = 0; frame < 500; frame++) {
      const sent = frame * FRAME
      const read = sent >= 10_000 && sent < 12_000 ? 12_000 : sent
      expect(times.at(sent, read)).toBe(sent)
    }
  })

  it('follow a camera whose media time runs at half speed within two windows', () => {
    const times = new ArrivalTimes()
    for (let frame = 0; frame < 1_000; frame++) {
      const now = frame * FRAME
      expect(now - times.at(now / 2, now)).toBeLessThanOrEqual(4_000)
    }
  })

  it('follow media time that jumped back, and forth', () => {
    const times = new ArrivalTimes()
    let now = 0
    for (const jump of [0, 3_600_000, -50_000, 0]) {
      for (let frame = 0; frame < 300; frame++, now += FRAME) {
        const arrived = times.at(jump + now, now)
        if (frame > 110) expect(arrived).toBe(now)
      }
    }
  })

  it('never lie ahead, and never go back, whatever comes', () => {
    const step = fc.tuple(fc.double({ min: -1e7, max: 1e7, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const times = new ArrivalTimes()
        let now = 0
        let last = Number.NEGATIVE_INFINITY
        for (const [media, passed] of steps) {
          now += passed
          const arrived = times.at(media, now)
          expect(arrived).toBeLessThanOrEqual(now)
          expect(arrived).toBeGreaterThanOrEqual(last)
          last = arrived
        }
      }),
    )
  })
})
