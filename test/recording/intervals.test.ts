import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Interval, uncovered, unwanted } from '../../src/recording/intervals.ts'

describe('uncovered', () => {
  const interval = fc
    .tuple(fc.nat(100), fc.nat(30))
    .map(([start, length]): Interval => ({ start, end: start + length }))
  it('agrees with counting every millisecond', () => {
    fc.assert(
      fc.property(interval, fc.array(interval, { maxLength: 8 }), (whole, covered) => {
        const open = (at: number) => !covered.some(({ start, end }) => start <= at && at < end)
        const rest = uncovered(whole, covered)
        for (let at = whole.start; at < whole.end; at++) {
          expect(rest.some(({ start, end }) => start <= at && at < end)).toBe(open(at))
        }
        for (const { start, end } of rest) expect(start).toBeLessThan(end)
      }),
    )
  })
  it('knows when nobody wanted a recording', () => {
    const whole = { start: 10, end: 50 }
    expect(unwanted(whole, [], true)).toEqual([])
    expect(unwanted(whole, [], false)).toEqual([whole])
    expect(
      unwanted(
        whole,
        [
          { at: 5, record: false },
          { at: 20, record: true },
        ],
        true,
      ),
    ).toEqual([{ start: 10, end: 20 }])
    expect(unwanted(whole, [{ at: 30, record: false }], true)).toEqual([{ start: 30, end: 50 }])
  })
})
