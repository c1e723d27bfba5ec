import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockComparison } from '../../../src/wire/rtp/index.ts'

/** A camera whose clock is `offset` ms ahead and gains `drift` ppm; `delays` are what the network adds to each report. */
function compare(offset: number, drift: number, delays: readonly number[]) {
  const clock = new ClockComparison()
  const begin = 1.76e12
  delays.forEach((delay, index) => {
    const sent = begin + index * 5_000
    clock.report(sent + offset + (index * 5_000 * drift) / 1e6, sent + delay)
  })
  return { clock, truth: offset + ((delays.length - 1) * 5_000 * drift) / 1e6 }
}

describe('ClockComparison', () => {
  it('is right to the least delay of the network, whatever the others are', () => {
    const delays = fc.array(
      fc.oneof(fc.double({ min: 1, max: 20, noNaN: true }), fc.double({ min: 1, max: 400, noNaN: true })),
      {
        minLength: 1,
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(delays, fc.integer({ min: -2e9, max: 2e9 }), (list, offset) => {
        const { clock } = compare(offset, 0, [1, ...list, 1])
        expect(clock.steps).toBe(0)
        expect(Math.abs(clock.offset! - offset)).toBeLessThan(list.length < 10 ? 2 : 500)
      }),
    )
  })

  it('measures the drift of a bad quartz on a network that jitters', () => {
    for (const drift of [-150, -20, 0, 35, 200]) {
      const delay = (_: unknown, index: number) => 2 + ((index * 7_919) % 13) + (index % 9 === 4 ? 300 : 0)
      for (const [reports, accuracy] of [
        [40, 25],
        [720, 1],
      ] as const) {
        const { clock, truth } = compare(1_234, drift, Array.from({ length: reports }, delay))
        expect(clock.steps).toBe(0)
        expect(Math.abs(clock.drift! - drift)).toBeLessThan(accuracy)
        expect(Math.abs(clock.offset! - truth)).toBeLessThan(10)
      }
    }
  })

  it('says nothing of drift before a minute of reports', () => {
    expect(compare(0, 100, Array(12).fill(5)).clock.drift).toBeUndefined()
    expect(compare(0, 100, Array(13).fill(5)).clock.drift).toBeCloseTo(100, 3)
  })

  it('takes a camera that thinks it is 1970', () => {
    const { clock, truth } = compare(-1.76e12, 50, Array(20).fill(3))
    expect(clock.offset).toBeCloseTo(truth - 3, 1)
    expect(clock.drift).toBeCloseTo(50, 1)
  })

  it('begins anew when the camera clock is set, forward at once and back after three reports', () => {
    const clock = new ClockComparison()
    let now = 1e12
    const feed = (offset: number) => {
      now += 5_000
      clock.report(now + offset, now + 4)
    }
    for (let i = 0; i < 20; i++) feed(0)
    feed(90_000)
    expect(clock).toMatchObject({ steps: 1, drift: undefined })
    expect(clock.offset).toBeCloseTo(89_996, 1)
    feed(0)
    expect(clock.offset, 'one late report is the network').toBeCloseTo(89_996, 1)
    feed(90_000)
    for (let i = 0; i < 3; i++) feed(0)
    expect(clock.steps).toBe(2)
    expect(clock.offset).toBeCloseTo(-4, 1)
  })

  it('begins anew when our own clock is set back', () => {
    const clock = new ClockComparison()
    clock.report(1e12, 1e12)
    clock.report(1e12 + 5_000, 1e12 - 3_600_000)
    expect(clock).toMatchObject({ steps: 1, offset: 3_605_000 })
  })
})
