import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { phasesOf, untilPhase } from '../../../src/bench/live/phases.ts'

describe('moments of a group of pictures', () => {
  it('are one in each equal part, in random order', () => {
    let seed = 7
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const phases = phasesOf(20, random)
    expect([...phases].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => (index + 0.5) / 20))
    expect(phases).not.toEqual([...phases].sort((a, b) => a - b))
  })

  it('come within one period, at their distance from a key frame', () => {
    const number = fc.double({ min: 0, max: 1e7, noNaN: true })
    const phase = fc.double({ min: 0, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(number, number, fc.double({ min: 40, max: 10_000, noNaN: true }), phase, (now, key, period, at) => {
        const wait = untilPhase(now, key, period, at)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(period)
        const turns = (now + wait - key) / period - at
        expect(Math.abs(turns - Math.round(turns))).toBeLessThan(1e-3)
      }),
    )
  })
})
