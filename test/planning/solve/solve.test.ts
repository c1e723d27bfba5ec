import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyDraft, say } from '../../../src/planning/index.ts'
import { mostWithin } from '../../../src/planning/solve/search.ts'
import { solve } from '../../../src/planning/solve/solve.ts'
import { changesOf, settingsChanged } from '../../../src/planning/solve/what-if.ts'
import { planOf } from '../plan-support.ts'

function draftOf(settings: Readonly<Record<string, string>>) {
  const draft = emptyDraft()
  for (const [key, text] of Object.entries({ draws: '256', ...settings }))
    say(draft, key, text, { by: 'flag', shown: key })
  return draft
}

/** Whether everything that is given fits at P95. */
function fits(settings: Readonly<Record<string, string>>): boolean {
  return planOf(settings).limits.every(limit => limit.sized || limit.need <= limit.capacity * (1 + 1e-9))
}

describe('solve is the inverse of plan', () => {
  it('--max: with the answer everything given fits, with one more it does not', () => {
    const given = fc.record({
      uplink: fc.integer({ min: 50, max: 20_000 }).map(megabits => `${megabits}Mbps`),
      disks: fc.integer({ min: 4, max: 200 }).map(String),
      bitrate: fc.integer({ min: 500, max: 12_000 }).map(kilobits => `${kilobits}kbps`),
    })
    fc.assert(
      fc.property(given, settings => {
        const { text } = solve(draftOf({ cameras: '1', ...settings }), { direction: 'max', key: 'cameras' })
        expect(fits({ ...settings, cameras: text })).toBe(true)
        expect(fits({ ...settings, cameras: String(Number(text) + 1) })).toBe(false)
      }),
      { numRuns: 15 },
    )
  })

  it('--max retention and bit rate', () => {
    const settings = { cameras: '200', disks: '28x16TB', uplink: '10Gbps' }
    const retention = solve(draftOf(settings), { direction: 'max', key: 'retention' })
    const hours = Number.parseInt(retention.text, 10)
    expect(fits({ ...settings, retention: `${hours}h` })).toBe(true)
    expect(fits({ ...settings, retention: `${hours + 1}h` })).toBe(false)
    const bitrate = solve(draftOf(settings), { direction: 'max', key: 'bitrate' })
    expect(fits({ ...settings, bitrate: bitrate.text })).toBe(true)
    expect(fits({ ...settings, bitrate: `${Number.parseInt(bitrate.text, 10) + 1}kbps` })).toBe(false)
  })

  it('--min: with the answer it fits, with one less it does not', () => {
    const settings = { cameras: '200', uplink: '10Gbps' }
    for (const [key, unit] of [
      ['uplink', 'Mbps'],
      ['cores', ''],
      ['nodes', ''],
    ] as const) {
      const fixed: Record<string, string> = key === 'cores' ? { ...settings, nodes: '1', 'spare-nodes': '0' } : settings
      const { text, possible } = solve(draftOf(fixed), { direction: 'min', key })
      const number = Number.parseInt(text, 10)
      expect(possible, key).toBe(true)
      expect(fits({ ...fixed, [key]: text }), key).toBe(true)
      if (key !== 'nodes') expect(fits({ ...fixed, [key]: `${number - 1}${unit}` }), key).toBe(false)
    }
  })

  it('--min disks finds what the plan sizes, or fewer by less than a group', () => {
    const sized = planOf({ cameras: '200', uplink: 'none' }).disks.disks
    const { text } = solve(draftOf({ cameras: '200', uplink: 'none' }), { direction: 'min', key: 'disks' })
    expect(Number(text)).toBeLessThanOrEqual(sized)
    expect(Number(text)).toBeGreaterThan(sized - 13)
  })

  it('says when nothing will do, and when nothing limits', () => {
    expect(solve(draftOf({ cameras: '200', uplink: '10Mbps' }), { direction: 'min', key: 'disks' }).possible).toBe(
      false,
    )
    expect(solve(draftOf({ cameras: '1', uplink: 'none' }), { direction: 'max', key: 'cameras' })).toMatchObject({
      text: '1000000',
      unlimited: true,
    })
    expect(() => solve(draftOf({ cameras: '1' }), { direction: 'max', key: 'raid' })).toThrow(
      '"raid" cannot be asked for',
    )
  })
})

describe('mostWithin', () => {
  it('is what counting up finds, for any curve that never falls', () => {
    const curves = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 }).map(steps => {
      let sum = 0
      return steps.map(step => {
        sum += step
        return sum
      })
    })
    fc.assert(
      fc.property(
        curves,
        fc.double({ min: 0, max: 150, noNaN: true }),
        fc.double({ noNaN: true }),
        (curve, limit, guess) => {
          const found = mostWithin(count => curve[count]!, limit, { from: 0, to: curve.length - 1, guess })
          const counted = curve.findLastIndex(need => need / (1 + 1e-12) <= limit)
          expect(found).toBe(Math.max(0, counted))
        },
      ),
    )
  })
})

describe('what-if', () => {
  it('tells what was set and what changes, and nothing else', () => {
    const request = (settings: Record<string, string>) => planOf({ cameras: '200', ...settings })
    const [before, after] = [request({}), request({ retention: '60d' })]
    expect(settingsChanged(before, after)).toEqual([{ key: 'retention', before: '30d', after: '60d' }])
    const changed = changesOf(before, after).map(({ what }) => what)
    expect(changed).toContain('storage, P95')
    expect(changed).not.toContain('uplink, P95')
    expect(changesOf(before, before)).toEqual([])
  })
})
