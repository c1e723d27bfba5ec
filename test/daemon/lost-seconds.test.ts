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
  it('what lies outside of the schedule is not lost, and of a gap only what lies inside', () => {
    const hour = 3_600_000
    const wishes = [
      { at: 7 * hour, record: true, by: 'schedule' },
      { at: 19 * hour, record: false, by: 'schedule' },
      { at: 31 * hour, record: true, by: 'schedule' },
    ]
    const span = { start: 12 * hour, end: 36 * hour }
    const recorded = [
      { start: 12 * hour, end: 18 * hour },
      { start: 32 * hour, end: 36 * hour },
    ]
    const before = { start: 7 * hour, end: 36 * hour }
    // Nothing is there from 18:00 to 08:00 of the next day: an hour before the end, and the first one.
    expect(lost({ recorded, whole: before, wishes }, span)).toEqual({ [NO_RECORDER]: 7_200 })
    const gaps = [{ start: 18.5 * hour, end: 31.5 * hour, reason: 'refused' }]
    expect(lost({ recorded, whole: before, wishes, gaps }, span)).toEqual({ refused: 3_600, [NO_RECORDER]: 3_600 })
    // A person who wanted it all the same.
    const anna = [wishes[0]!, { at: 18 * hour, record: true, by: 'anna' }]
    expect(lost({ recorded, whole: before, wishes: anna }, span)).toEqual({ [NO_RECORDER]: 14 * 3_600 })
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
