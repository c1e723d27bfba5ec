import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VmsError } from '../../src/kernel/errors.ts'
import { formatInstant, formatLocal, parseInstant } from '../../src/kernel/instant.ts'
import { fromLocal, toLocal } from '../../src/kernel/zone.ts'

const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
  '+05:30',
]
const zone = fc.constantFrom(...ZONES)
const instant = fc.integer({ min: Date.UTC(1973, 0, 1), max: Date.UTC(2060, 0, 1) })

/** Tuesday, 14:30:15 in Paris. */
const now = Date.parse('2026-11-24T13:30:15.500Z')
const paris = (text: string, at = now) =>
  new Date(parseInstant(text, { now: at, timezone: 'Europe/Paris' })).toISOString()

describe('parseInstant', () => {
  it.each([
    ['2026-11-24T14:00:00+01:00', '2026-11-24T13:00:00.000Z'],
    ['2026-11-24T14:00:00Z', '2026-11-24T14:00:00.000Z'],
    ['2026-11-24t14:00:00.25z', '2026-11-24T14:00:00.250Z'],
    ['2026-11-24T14:00:00', '2026-11-24T13:00:00.000Z'],
    ['2026-07-24 14:00', '2026-07-24T12:00:00.000Z'],
    ['2026-07-24 14:00 +00:00', '2026-07-24T14:00:00.000Z'],
    ['2026-11-24', '2026-11-23T23:00:00.000Z'],
    ['2026-11-24 24:00', '2026-11-24T23:00:00.000Z'],
    ['14:00', '2026-11-24T13:00:00.000Z'],
    [' 9:05 ', '2026-11-24T08:05:00.000Z'],
    ['14:00:30', '2026-11-24T13:00:30.000Z'],
    ['14:00:30.125', '2026-11-24T13:00:30.125Z'],
    ['today', '2026-11-23T23:00:00.000Z'],
    ['today 08:00', '2026-11-24T07:00:00.000Z'],
    ['yesterday', '2026-11-22T23:00:00.000Z'],
    ['Yesterday 14:00', '2026-11-23T13:00:00.000Z'],
    ['monday 08:00', '2026-11-23T07:00:00.000Z'],
    ['tue 08:00', '2026-11-24T07:00:00.000Z'],
    ['tuesday 15:00', '2026-11-17T14:00:00.000Z'],
    ['wednesday', '2026-11-17T23:00:00.000Z'],
    ['-2h', '2026-11-24T11:30:15.500Z'],
    ['-90m', '2026-11-24T12:00:15.500Z'],
    ['-90min', '2026-11-24T12:00:15.500Z'],
    ['-1d12h', '2026-11-23T01:30:15.500Z'],
    ['-1d 12h', '2026-11-23T01:30:15.500Z'],
    ['-1.5h', '2026-11-24T12:00:15.500Z'],
    ['-250ms', '2026-11-24T13:30:15.250Z'],
    ['now', '2026-11-24T13:30:15.500Z'],
  ])('%s', (text, expected) => expect(paris(text)).toBe(expected))

  it.each([
    '',
    'noon',
    '14',
    '25:00',
    '24:01',
    '14:60',
    '2026-02-29',
    '2026-13-01',
    '2026-11-24T14:00:00+25:00',
    '2026-11-24T14',
    '26-11-24',
    '-2',
    '-2y',
    '2h',
    'yesterday at noon',
    'someday 14:00',
    '-99999999d',
    '1969-12-31',
    '24/11/2026',
  ])('refuses %s, names it and shows the forms', text => {
    try {
      paris(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(VmsError)
      const { code, message, hint } = error as VmsError
      expect(code).toBe('VMS_E_USAGE')
      expect(message).toContain(JSON.stringify(text))
      expect(hint).toContain('yesterday 14:00')
    }
  })

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9:TZ. dhms]{0,24}$/)), zone, (text, timezone) => {
        try {
          expect(parseInstant(text, { now, timezone })).toBeGreaterThanOrEqual(0)
        } catch (error) {
          expect(error).toBeInstanceOf(VmsError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('a time that clocks show twice is the first, a time that they skip is the instant after the hole', () => {
    // Paris: 03:00 became 02:00 on 2026-10-25, 02:00 became 03:00 on 2026-03-29.
    expect(paris('2026-10-25 02:30')).toBe('2026-10-25T00:30:00.000Z')
    expect(paris('2026-10-25 03:00')).toBe('2026-10-25T02:00:00.000Z')
    expect(paris('2026-03-29 02:30')).toBe('2026-03-29T01:00:00.000Z')
    expect(paris('2026-03-29 02:00')).toBe('2026-03-29T01:00:00.000Z')
    expect(paris('2026-03-29 01:59:59')).toBe('2026-03-29T00:59:59.000Z')
    // Sao Paulo: midnight became 01:00 on 2018-11-04, and midnight became 23:00 on 2018-02-18.
    const brazil = { now, timezone: 'America/Sao_Paulo' }
    expect(new Date(parseInstant('2018-11-04', brazil)).toISOString()).toBe('2018-11-04T03:00:00.000Z')
    expect(new Date(parseInstant('2018-02-17 23:30', brazil)).toISOString()).toBe('2018-02-18T01:30:00.000Z')
    expect(new Date(parseInstant('2018-02-18', brazil)).toISOString()).toBe('2018-02-18T03:00:00.000Z')
    // Apia skipped the whole of 2011-12-30.
    const apia = { now, timezone: 'Pacific/Apia' }
    expect(new Date(parseInstant('2011-12-30 12:00', apia)).toISOString()).toBe('2011-12-30T10:00:00.000Z')
  })

  it('yesterday is the day before in a day of 23 or 25 hours', () => {
    const monday = Date.parse('2026-10-26T00:30:00+01:00')
    expect(paris('yesterday 00:00', monday)).toBe('2026-10-24T22:00:00.000Z')
    expect(paris('today', monday)).toBe('2026-10-25T23:00:00.000Z')
  })
})

describe('formatInstant', () => {
  it('is RFC 3339 with the offset, and is read back', () => {
    expect(formatInstant(now, 'Europe/Paris')).toBe('2026-11-24T14:30:15.500+01:00')
    expect(formatInstant(now - 500, 'UTC')).toBe('2026-11-24T13:30:15+00:00')
    expect(formatInstant(now, 'America/St_Johns')).toBe('2026-11-24T10:00:15.500-03:30')
    fc.assert(
      fc.property(instant, zone, (at, timezone) => {
        const text = formatInstant(at, timezone)
        expect(parseInstant(text, { now, timezone: 'UTC' })).toBe(at)
        expect(Date.parse(text)).toBe(at)
      }),
      { numRuns: 2_000 },
    )
  })

  it('what clocks show is read back to the same clock face, and to the same instant unless it is there twice', () => {
    expect(formatLocal(now, 'Europe/Paris')).toBe('2026-11-24 14:30:15')
    fc.assert(
      fc.property(instant, zone, (at, timezone) => {
        const second = Math.floor(at / 1_000) * 1_000
        const shown = formatLocal(at, timezone)
        const back = parseInstant(shown, { now, timezone })
        expect(formatLocal(back, timezone)).toBe(shown)
        expect(back).toBeLessThanOrEqual(second)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('fromLocal', () => {
  it('is the first instant at which clocks show the time or a later one', () => {
    fc.assert(
      fc.property(instant, zone, fc.integer({ min: -7_200_000, max: 7_200_000 }), (at, timezone, shift) => {
        const local = toLocal(at, timezone) + shift
        const found = fromLocal(local, timezone)
        expect(toLocal(found, timezone)).toBeGreaterThanOrEqual(local)
        if (toLocal(found, timezone) !== local) expect(toLocal(found - 1, timezone)).toBeLessThan(local)
      }),
      { numRuns: 2_000 },
    )
  })
})
