import { describe, expect, it } from 'vitest'
import { type CameraFootage, lostSeconds, NO_RECORDER } from '../../src/daemon/lost-seconds.ts'

describe('lostSeconds', () => {
  const span = { start: 0, end: 1_000_000 }
  const lost = (footage: Partial<CameraFootage>, of = span) => {
    const recorded = footage.recorded ?? []
    const whole = recorded.length > 0 ? { start: recorded[0]!.start, end: recorded.at(-1)!.end } : undefined
    return lostSeconds(of, { recorded, whole, gaps: [], wishes: [], ...footage })
  }
  const hole = [
    { start: 0, end: 60_000 },
    { start: 100_000, end: 120_000 },
  ]

  it('a hole that no journal explains is footage that no recorder took', () => {
    expect(lost({ recorded: hole })).toEqual({ [NO_RECORDER]: 40 })
  })
  it('what the journal explains stands under its own reason', () => {
    const gaps = [{ start: 60_000, end: 90_000, reason: 'refused' }]
    expect(lost({ recorded: hole, gaps })).toEqual({ refused: 30, [NO_RECORDER]: 10 })
  })
  it('what nobody wanted is not lost', () => {
    const wishes = [
      { at: 60_000, record: false },
      { at: 99_500, record: true },
    ]
    expect(lost({ recorded: hole, wishes })).toEqual({})
  })
  it('counts only what lies in the span, also of a hole that began before it', () => {
    const gaps = [{ start: 10_000, end: 20_000, reason: 'refused' }]
    expect(lost({ gaps }, { start: 15_000, end: 1_000_000 })).toEqual({ refused: 5 })
    expect(lost({ gaps }, { start: 20_000, end: 1_000_000 })).toEqual({})
    const whole = { start: 0, end: 120_000 }
    expect(lost({ recorded: hole.slice(1), whole }, { start: 80_000, end: 1_000_000 })).toEqual({ [NO_RECORDER]: 20 })
  })
  it('knows nothing before the first recording and behind the last', () => {
    expect(lost({})).toEqual({})
    expect(lost({ recorded: [{ start: 500_000, end: 600_000 }] })).toEqual({})
  })
})
