import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Schedule } from '../../../src/config/schedule/schedule.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const PARIS = 'Europe/Paris'
const office = ['* 7-18 * * 1-5']
const at = (text: string) => Date.parse(text)
const shown = (changes: Iterable<{ at: number; record: boolean }>) =>
  [...changes].map(change => `${new Date(change.at).toISOString().slice(0, 16)} ${change.record ? 'on' : 'off'}`)

/** The library itself, in the zone itself, minute by minute. */
const oracle = (windows: readonly string[], timezone: string) => {
  const crons = windows.map(window => new Cron(window, { timezone, mode: '5-part' }))
  return (minute: number) => crons.some(cron => cron.match(new Date(minute)))
}

describe('a schedule', () => {
  it('holds in every minute that a window matches, from its first instant to its last', () => {
    const schedule = new Schedule(office, PARIS)
    const active = (text: string) => schedule.active(at(text))
    expect(active('2026-11-24T06:59:59.999+01:00')).toBe(false)
    expect(active('2026-11-24T07:00:00.000+01:00')).toBe(true)
    expect(active('2026-11-24T18:59:59.999+01:00')).toBe(true)
    expect(active('2026-11-24T19:00:00.000+01:00')).toBe(false)
    expect(active('2026-11-28T12:00:00.000+01:00')).toBe(false)
  })

  it('tells when it changes next: not at midnight, and over a weekend', () => {
    const schedule = new Schedule(office, PARIS)
    const from = at('2026-11-27T12:00:00+01:00')
    expect(shown(schedule.changes(from, from + 4 * DAY))).toEqual([
      '2026-11-27T18:00 off',
      '2026-11-30T06:00 on',
      '2026-11-30T18:00 off',
      '2026-12-01T06:00 on',
    ])
    // The instant of a change belongs to what follows it.
    expect(schedule.nextChange(at('2026-11-27T18:00:00Z'))).toBe(at('2026-11-30T06:00:00Z'))
    expect(schedule.nextChange(at('2026-11-27T17:59:59.999Z'))).toBe(at('2026-11-27T18:00:00Z'))
  })

  it('joins windows: what touches or overlaps is one stretch', () => {
    const night = new Schedule(['* 22-23 * * *', '* 0-5 * * *', '0-29 6 * * *', '* 12 * * *'], 'UTC')
    const from = at('2026-11-24T07:00:00Z')
    expect(shown(night.changes(from, from + DAY))).toEqual([
      '2026-11-24T12:00 on',
      '2026-11-24T13:00 off',
      '2026-11-24T22:00 on',
      '2026-11-25T06:30 off',
    ])
  })

  it('knows schedules that never change, and those that wait for a year', () => {
    const now = at('2026-11-24T00:00:00Z')
    expect(new Schedule(['* * * * *'], PARIS).nextChange(now)).toBeUndefined()
    expect(new Schedule(['* * 23 nov *'], 'UTC').nextChange(now)).toBe(at('2027-11-23T00:00:00Z'))
    const always = new Schedule(['* 0-11 * * *', '* 12-23 * * *'], PARIS)
    expect([...always.changes(now, now + 800 * DAY)]).toEqual([])
  })

  it('the night on which clocks go forward is an hour short, in Paris', () => {
    const from = at('2026-03-28T12:00:00Z')
    // 02:00 is 03:00 at once: of 01:00 to 02:59 one hour comes, and a window inside the hole does not.
    expect(shown(new Schedule(['* 1-2 * * *'], PARIS).changes(from, from + DAY))).toEqual([
      '2026-03-29T00:00 on',
      '2026-03-29T01:00 off',
    ])
    expect(shown(new Schedule(['* 2 * * *'], PARIS).changes(from, from + DAY))).toEqual([])
    expect(shown(new Schedule(['* 2-3 * * *'], PARIS).changes(from, from + DAY))).toEqual([
      '2026-03-29T01:00 on',
      '2026-03-29T02:00 off',
    ])
  })

  it('the night on which clocks go back has an hour twice, and both are recorded, in Paris', () => {
    const from = at('2026-10-24T12:00:00Z')
    expect(shown(new Schedule(['* 2 * * *'], PARIS).changes(from, from + DAY))).toEqual([
      '2026-10-25T00:00 on',
      '2026-10-25T02:00 off',
    ])
    // Half of the hour, twice.
    expect(shown(new Schedule(['0-29 2 * * *'], PARIS).changes(from, from + DAY))).toEqual([
      '2026-10-25T00:00 on',
      '2026-10-25T00:30 off',
      '2026-10-25T01:00 on',
      '2026-10-25T01:30 off',
    ])
  })

  it('is what the library says of every minute, on nights of changed clocks and others', () => {
    const list = (least: number, most: number) =>
      fc
        .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
        .map(([a, b]) => (a === b ? String(a) : `${Math.min(a, b)}-${Math.max(a, b)}`))
    const field = (least: number, most: number) =>
      fc.oneof({ weight: 2, arbitrary: fc.constant('*') }, list(least, most))
    const window = fc
      .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
      .map(fields => fields.join(' '))
    // Half an hour of summer time on Lord Howe; midnight itself is skipped in Cairo, and doubled in Havana.
    const nights = fc.constantFrom(
      [PARIS, '2026-03-28T22:00:00Z'],
      [PARIS, '2026-10-24T22:00:00Z'],
      ['Australia/Lord_Howe', '2026-04-04T08:00:00Z'],
      ['Australia/Lord_Howe', '2026-10-03T08:00:00Z'],
      ['Africa/Cairo', '2026-04-23T19:00:00Z'],
      ['America/Havana', '2026-11-01T01:00:00Z'],
      ['Asia/Kathmandu', '2026-06-01T00:00:00Z'],
    )
    fc.assert(
      fc.property(nights, fc.array(window, { minLength: 1, maxLength: 2 }), ([zone, start], windows) => {
        const [timezone, from] = [zone as string, at(start as string)]
        const schedule = new Schedule(windows, timezone)
        const right = oracle(windows, timezone)
        const wanted: string[] = []
        for (let minute = from + MINUTE; minute <= from + 9 * HOUR; minute += MINUTE) {
          const record = right(minute)
          expect(schedule.active(minute + 30_000)).toBe(record)
          if (record !== right(minute - MINUTE)) wanted.push(...shown([{ at: minute, record }]))
        }
        expect(shown(schedule.changes(from, from + 9 * HOUR))).toEqual(wanted)
      }),
      { numRuns: 25 },
    )
  })

  it('steps back with a clock that is set back', () => {
    const schedule = new Schedule(office, 'UTC')
    expect(schedule.nextChange(at('2026-11-24T20:00:00Z'))).toBe(at('2026-11-25T07:00:00Z'))
    expect(schedule.nextChange(at('2026-11-24T12:00:00Z'))).toBe(at('2026-11-24T19:00:00Z'))
  })
})
