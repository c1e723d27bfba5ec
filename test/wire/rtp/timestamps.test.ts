import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimestampUnwrapper } from '../../../src/wire/rtp/index.ts'

describe('TimestampUnwrapper', () => {
  it('follows any steps through any number of wraps, forward and back', () => {
    const step = fc.record({
      ticks: fc.integer({ min: -200_000, max: 400_000 }),
      late: fc.integer({ min: 0, max: 2_000 }),
    })
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.array(step, { maxLength: 50 }), (first, steps) => {
        const unwrapper = new TimestampUnwrapper(90_000)
        unwrapper.unwrap(first, 0)
        let total = 0
        let now = 0
        for (const { ticks, late } of steps) {
          total += ticks
          now += late
          const timestamp = (((first + total) % 2 ** 32) + 2 ** 32) % 2 ** 32
          expect(unwrapper.unwrap(timestamp, now)).toBe(total)
          expect(unwrapper.jumped).toBe(false)
        }
      }),
    )
  })

  it('knows a pause of many wraps from a jump, by the time that passed', () => {
    const unwrapper = new TimestampUnwrapper(90_000)
    unwrapper.unwrap(1_000, 0)
    const day = 86_400_000
    expect(unwrapper.unwrap((1_000 + day * 90) % 2 ** 32, day + 700)).toBe(day * 90)
    expect(unwrapper.jumped).toBe(false)
  })

  it('goes on by the time that passed where the sender jumps, and then follows its new time', () => {
    const unwrapper = new TimestampUnwrapper(90_000)
    unwrapper.unwrap(5_000, 100)
    expect(unwrapper.unwrap(5_000 + 3_600, 140)).toBe(3_600)
    expect(unwrapper.unwrap(3_000_000_000, 180)).toBe(7_200)
    expect(unwrapper.jumped).toBe(true)
    expect(unwrapper.unwrap(3_000_003_600, 220)).toBe(10_800)
    expect(unwrapper.jumped).toBe(false)
    // Back by 11 s is a jump, by 9 s is not.
    expect(unwrapper.unwrap(3_000_003_600 - 990_000, 220)).toBe(10_801)
    expect(unwrapper.jumped).toBe(true)
    expect(unwrapper.unwrap(3_000_003_600 - 990_000 - 810_000, 220)).toBe(10_801 - 810_000)
    expect(unwrapper.jumped).toBe(false)
  })
})
