import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VmsError } from '../../../src/kernel/errors.ts'
import { explain, FORMULAS, findFormula } from '../../../src/planning/formulas/index.ts'
import {
  BIT_RATE,
  DAYS,
  DURATION,
  FREQUENCY,
  HOURS,
  inUnit,
  NUMBER,
  POWER,
  type QuantityKind,
  SHARE,
  SIZE,
  SPEED,
  YEARLY,
  YEARS,
} from '../../../src/planning/formulas/quantities.ts'
import { readQuantity } from '../../../src/planning/formulas/read-quantity.ts'

const read = (text: string, kind: QuantityKind) => readQuantity(text, kind, '--set x')
const explained = (id: string, ...settings: string[]) => explain(findFormula(id), settings)
/** What a setting is refused with: `message -> hint`. */
function refusal(id: string, ...settings: string[]): string {
  try {
    explained(id, ...settings)
  } catch (error) {
    if (error instanceof VmsError && error.exitCode === 2) return `${error.message} -> ${error.hint ?? ''}`
    throw error
  }
  return 'accepted'
}

describe('quantities', () => {
  it('are read with their units, as people write them', () => {
    expect(read('4Mbps', BIT_RATE)).toBe(4e6)
    expect(read(' 1.5 gbps ', BIT_RATE)).toBe(1.5e9)
    expect(read('16TB', SIZE)).toBe(16e12)
    expect(read('1TiB', SIZE)).toBe(2 ** 40)
    expect(read('100MB/s', SPEED)).toBe(1e8)
    expect([read('180TB/y', YEARLY), read('180 TB per year', YEARLY), read('180TB/yr', YEARLY)]).toEqual(
      Array(3).fill(180e12),
    )
    expect([read('2h', DURATION), read('120min', DURATION), read('120m', DURATION), read('2 hours', DURATION)]).toEqual(
      Array(4).fill(7_200),
    )
    expect([read('14', HOURS), read('14h', HOURS), read('840min', HOURS)]).toEqual([14, 14, 14])
    expect([read('30', DAYS), read('30d', DAYS), read('30 days', DAYS), read('720h', DAYS)]).toEqual([30, 30, 30, 30])
    expect([read('5', YEARS), read('5y', YEARS)]).toEqual([5, 5])
    expect(read('1.295kW', POWER)).toBe(1_295)
    expect([
      read('600/h', FREQUENCY),
      read('10/min', FREQUENCY),
      read('1/6/s', FREQUENCY),
      read('1/6', FREQUENCY),
      read('600 per hour', FREQUENCY),
    ]).toEqual(Array(5).fill(1 / 6))
    expect([read('5%', SHARE), read('0.05', SHARE), read('5 %', SHARE)]).toEqual([0.05, 0.05, 0.05])
    expect(read('1e-15', NUMBER)).toBe(1e-15)
  })

  it('come back as the same number in every unit', () => {
    for (const kind of [BIT_RATE, SIZE, SPEED, YEARLY, DURATION, HOURS, DAYS, YEARS, POWER, FREQUENCY, SHARE])
      for (const unit of Object.keys(kind.units))
        fc.assert(
          fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), value => {
            const back = inUnit(read(`${value}${unit}`, kind), unit, kind)
            expect(Math.abs(back / value - 1)).toBeLessThan(1e-15)
          }),
          { numRuns: 10, seed: 1 },
        )
  })

  it('survive any text: a number or one clear refusal', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9.e/]{0,12} ?[a-zA-Z%/]{0,6}$/))
    fc.assert(
      fc.property(fc.constantFrom(...FORMULAS), fc.nat(), text, (formula, which, value) => {
        const names = Object.keys(formula.inputs)
        const name = names[which % names.length]!
        try {
          for (const { value: figure } of Object.values(explain(formula, [`${name}=${value}`]).results))
            for (const each of [figure].flat()) expect(each === null || Number.isFinite(each)).toBe(true)
        } catch (error) {
          if (!(error instanceof VmsError)) throw error
          expect([error.exitCode, error.message.length < 250]).toEqual([2, true])
        }
      }),
      { numRuns: 1_500, seed: 2 },
    )
  })
})

describe('settings that are refused', () => {
  it('say of what, and list the units', () => {
    expect(refusal('storage.volume', 'bitrate=4')).toBe(
      '--set bitrate: "4" of what? It needs its unit -> Write it like 4Mbps; units are bps, kbps, Mbps, Gbps, Tbps.',
    )
    for (const text of ['4M', '4MB', 'abc', '', 'NaN', 'Infinity', '4 Mbps x', '1/0Mbps', '1e400Mbps', '0x10Mbps'])
      expect(refusal('storage.volume', `bitrate=${text}`)).toMatch(/^--set bitrate: .*units are bps, kbps/)
    expect(refusal('viewers.closed', 'dwell=60')).toContain('units are ms, s, min, m, h, d, y')
    expect(refusal('viewers.closed', 'dwell=1M')).toContain('is not a duration')
    expect(refusal('cost.energy', 'price=cheap')).toContain('is not an amount of money')
    expect(refusal('cost.energy', 'price=$0.1USD')).toContain('is not an amount of money')
    expect(refusal('cost.energy', 'price=0.1 QQQ')).toContain('"QQQ" is not a currency')
    expect(refusal('cost.energy', 'price=$0.1/GB')).toContain('is not a price of a GB')
    expect(refusal('cost.energy', 'price=-1USD')).toContain('out of range')
  })

  it('tell the range', () => {
    expect(refusal('storage.volume', 'days=-1')).toBe(
      '--set days: -1 is out of range -> It must be from 0 d to 36,500 d.',
    )
    expect(refusal('storage.volume', 'cameras=1e9')).toContain('from 0 to 1,000,000')
    expect(refusal('storage.volume', 'cameras=0.5')).toContain('not a whole number')
    expect(refusal('storage.required', 'headroom=100%')).toContain('from 0 % to 99 %')
    expect(refusal('uncertainty.correlated', 'rho=2')).toContain('from 0 % to 100 %')
    expect(refusal('raid.rebuild', 'speed=0MB/s')).toContain('more than 0 MB/s')
    expect(refusal('raid.usable', 'level=7')).toContain('Write one of none, raid0')
    expect(refusal('raid.usable', 'disks=3')).toContain('RAID-6 of 3 disks cannot be')
    expect(refusal('viewers.closed', 'cameras=5', 'tiles=9')).toContain('9 tiles cannot show different cameras of 5')
    expect(refusal('uncertainty.sigma', 'p90=1Mbps')).toContain('p90 is under p10')
    expect(refusal('storage.day-night', 'day-hours=20')).toContain('a day has 24')
    expect(refusal('availability.k-of-n', 'k=6')).toContain('6 of 5 nodes')
  })

  it('name the nearest input', () => {
    expect(refusal('storage.volume', 'bitrte=4Mbps')).toBe(
      'storage.volume has no input "bitrte" -> did you mean "bitrate"?',
    )
    expect(refusal('storage.volume', '__proto__=4')).toContain('has no input "__proto__"')
    expect(refusal('storage.volume', 'toString=4')).toContain('known here: bitrate, hours, days, cameras')
    expect(refusal('storage.volume', 'bitrate')).toContain('sets nothing')
    expect(refusal('storage.volume', '=4Mbps')).toContain('sets nothing')
    expect(refusal('storage.volume', 'days=1', 'days=2')).toBe('--set days is given twice -> ')
    expect(refusal('storage.volume', 'days=1,2', 'cameras=1,2')).toContain('only one input may be a list')
    expect(refusal('storage.volume', `days=${'1,'.repeat(1_000)}1`)).toContain('1000 are the most')
  })
})

describe('an explanation', () => {
  it('has a stable form', () => {
    const of = explained('storage.volume', 'bitrate=6Mbps')
    expect(of).toMatchObject({
      id: 'storage.volume',
      expression: 'bitrate / 8 x 3600 x hours x days x cameras',
      result: { value: 388.8, unit: 'TB' },
      results: { volume: { value: 388.8, unit: 'TB' } },
      grade: 'derived',
      example: { result: { value: 259.2, unit: 'TB' } },
    })
    expect(of.inputs[0]).toMatchObject({
      name: 'bitrate',
      value: 6,
      unit: 'Mbps',
      default: 4,
      given: true,
      grade: 'vendor',
      range: 'from 0 Mbps to 1,000,000,000 Mbps',
    })
    expect(of.inputs.map(({ given }) => given)).toEqual([true, false, false, false])
  })

  it('gives a figure for each value of a list', () => {
    const of = explained('viewers.closed', 'viewers=1,10,20', 'linger=0s')
    const each = [1, 10, 20].map(viewers => explained('viewers.closed', `viewers=${viewers}`, 'linger=0s'))
    expect(of.result.value).toEqual(each.map(({ result }) => result.value))
    expect(of.results.p95!.value).toEqual(each.map(({ results }) => results.p95!.value))
    expect(of.inputs.find(({ name }) => name === 'viewers')!.value).toEqual([1, 10, 20])
  })

  it('says what is approximate, and what never ends', () => {
    expect(explained('viewers.open').note).toBe('The quantiles are exact.')
    expect(explained('viewers.closed', 'zipf=1', 'tiles=9').note).toMatch(/^The quantiles are those of a normal/)
    const drain = explained('uplink.drain', 'bitrate=300Mbps')
    expect([drain.result, drain.note]).toEqual([{ value: null, unit: 's' }, expect.stringContaining('never')])
    expect(explained('net.link').note).toContain('1 Gbps fails, 2.5 Gbps passes')
  })
})
