import { describe, expect, it } from 'vitest'
import { formatUpcoming } from '../../src/kernel/upcoming.ts'

describe('formatUpcoming', () => {
  const say = (at: string, now: string) => formatUpcoming(Date.parse(at), Date.parse(now), 'Europe/Paris')
  it('says no more than is needed, by the clocks of the zone', () => {
    expect(say('2026-11-24T18:00:00Z', '2026-11-24T09:00:00Z')).toBe('19:00')
    expect(say('2026-11-25T06:00:00Z', '2026-11-24T18:00:00Z')).toBe('07:00')
    expect(say('2026-11-25T18:00:00Z', '2026-11-24T18:00:00Z')).toBe('Wednesday 19:00')
    expect(say('2026-11-30T06:00:00Z', '2026-11-27T18:00:00Z')).toBe('Monday 07:00')
    // In a week it is the same weekday again: which one, the date says.
    expect(say('2026-11-30T18:00:00Z', '2026-11-24T18:00:00Z')).toBe('2026-11-30 19:00')
    expect(say('2027-01-01T06:00:00Z', '2026-11-24T18:00:00Z')).toBe('2027-01-01 07:00')
  })
  it('counts by what clocks show on the day they change', () => {
    // 24 hours later, and yet at another time of day.
    expect(say('2026-03-29T11:00:00Z', '2026-03-28T11:00:00Z')).toBe('Sunday 13:00')
  })
})
