import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockWatch } from '../../../src/media/recorder/clock-watch.ts'

/** Feeds frames every 40 ms; gives the media times (seconds) at which a step was seen. */
function watch(
  seconds: number,
  shape: {
    /** Milliseconds that a frame of media time `t` (s) comes late. */
    delay?: (t: number) => number
    /** Milliseconds that our wall clock is off when it arrives. */
    wall?: (t: number) => number
    /** Milliseconds by which the camera's media time is off. */
    media?: (t: number) => number
  },
): number[] {
  const clock = new ClockWatch()
  const steps: number[] = []
  let last = 0
  clock.session()
  for (let index = 0; index < seconds * 25; index++) {
    const t = index / 25
    // Frames of one connection arrive in order.
    last = Math.max(last, t * 1_000 + 50 + (shape.delay?.(t) ?? 0))
    const wall = 1_700_000_000_000 + last + (shape.wall?.(last / 1_000) ?? 0)
    if (clock.frame(t * 1_000 + (shape.media?.(t) ?? 0), wall, wall, last)) steps.push(t)
  }
  return steps
}

describe('ClockWatch', () => {
  it('sees our own clock being set at once, and once', () => {
    expect(watch(120, { wall: t => (t > 30 ? 3_600_000 : 0) })).toEqual([expect.closeTo(30, 0)])
    expect(watch(120, { wall: t => (t > 30 ? -1_500 : 0) })).toEqual([expect.closeTo(30, 0)])
  })

  it('sees the media time of the camera move, once it has settled', () => {
    expect(watch(120, { media: t => (t > 30 ? -5_000 : 0) })).toEqual([expect.closeTo(36, -1)])
    expect(watch(120, { media: t => (t > 30 ? 5_000 : 0) })).toEqual([expect.closeTo(36, -1)])
  })

  it('takes drift for drift, however much it adds up to', () => {
    expect(watch(3_600, { media: t => t * 0.5 })).toEqual([])
    expect(watch(3_600, { wall: t => t * -0.5 })).toEqual([])
    expect(watch(600, { media: t => t * 10 })).toEqual([])
  })

  it('is not taken in by cameras that send in bursts, stall, or jitter', () => {
    // A burst every four seconds: its oldest frame is four seconds late.
    expect(watch(600, { delay: t => 4_000 - ((t * 1_000) % 4_000) })).toEqual([])
    // Stalls of three seconds, then everything at once.
    expect(watch(600, { delay: t => (t % 20 < 3 ? (3 - (t % 20)) * 1_000 : 0) })).toEqual([])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 50, maxLength: 50 }), jitter => {
        expect(watch(120, { delay: t => jitter[Math.floor(t * 25) % 50]! })).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('never cuts in a loop: at most once a minute for the camera, whatever it does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1_001, max: 100_000 }), (period, size) => {
        const steps = watch(300, { media: t => (Math.floor(t / period) % 2) * size })
        for (const [index, at] of steps.entries()) if (index > 0) expect(at - steps[index - 1]!).toBeGreaterThan(55)
      }),
      { numRuns: 30 },
    )
  })
})
