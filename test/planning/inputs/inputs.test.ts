import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VmsError } from '../../../src/kernel/errors.ts'
import { planSite } from '../../../src/planning/index.ts'
import { kindsOfTable } from '../../../src/planning/inputs/camera-table.ts'
import { composeInputs } from '../../../src/planning/inputs/compose.ts'
import { emptyDraft, say } from '../../../src/planning/inputs/draft.ts'
import { draftOfPlan, parsePlanFile } from '../../../src/planning/inputs/plan-file.ts'
import { SETTINGS } from '../../../src/planning/inputs/settings.ts'
import { planOf, requestOf } from '../plan-support.ts'

/** The refusal as a person sees it, in one line. */
function refusal(settings: Readonly<Record<string, string>>): string {
  try {
    requestOf(settings)
  } catch (error) {
    expect(error).toBeInstanceOf(VmsError)
    expect((error as VmsError).exitCode).toBe(2)
    return `${(error as VmsError).message} -> ${(error as VmsError).hint}`
  }
  throw new Error(`${JSON.stringify(settings)} was taken`)
}

describe('bad input gets one sentence with the flag and what to do', () => {
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ cameras: '-5' }, /^--cameras: "-5" is below 0 -> Write it like 200/],
    [{ cameras: '0.5' }, /^--cameras: "0.5" is not a whole number/],
    [{ cameras: 'abc' }, /^--cameras: "abc" is not a whole number -> Write digits/],
    [{ cameras: '1e9' }, /^--cameras: "1e9" is not a whole number/],
    [{ cameras: '1000000000' }, /^--cameras: "1000000000" is more than 1000000/],
    [{ cameras: 'NaN' }, /^--cameras: "NaN" is not/],
    [{ cameras: '2', bitrate: '4' }, /^--bitrate: "4" of what\? .* units are bps, kbps, Mbps, Gbps/],
    [{ cameras: '2', bitrate: '4MB' }, /^--bitrate: "MB" is not a unit of a bit rate -> .*units are bps/],
    [{ cameras: '2', bitrate: '0Mbps' }, /^--bitrate: "0Mbps" must be more than 0/],
    [{ cameras: '2', bitrate: '4Mbps,5Mbps' }, /^--bitrate: .* has 2 values -> .*P10,P50,P90/],
    [{ cameras: '2', bitrate: '2Mbps,6Mbps,4Mbps' }, /^--bitrate: .* has a P90 \(4Mbps\) under its P50 \(6Mbps\)/],
    [{ cameras: '2', bitrate: '5Mbps,4Mbps,6Mbps' }, /^--bitrate: .* has a P50 \(4Mbps\) under its P10 \(5Mbps\)/],
    [{ cameras: '2', retention: '0' }, /^--retention: "0" of what\?/],
    [{ cameras: '2', retention: '0d' }, /^--retention: "0d" must be more than 0 -> Write it like 30d/],
    [
      { cameras: '2', disks: '3', raid: 'raid6' },
      /^--disks: RAID-6 of 3 disks cannot be: it needs 4 or more -> Take more/,
    ],
    [{ cameras: '2', 'raid-group': '3' }, /^--raid-group: RAID-6 of 3 disks cannot be/],
    [{ cameras: '2', disks: '5', raid: 'raid10' }, /^--disks: RAID-10 of 5 disks cannot be/],
    [{ cameras: '5', tiles: '9' }, /^--tiles: 9 different pictures are more than the 5 cameras -> At most 5/],
    [{ cameras: '2', correlation: '2' }, /^--correlation: "2" is more than 1/],
    [{ cameras: '2', correlation: 'NaN' }, /^--correlation: "NaN" is not a number/],
    [{ cameras: '2', currency: 'XYZ' }, /^--currency: no exchange rate of XYZ is known -> .*--rate XYZ=0.5/],
    [{ cameras: '2', 'price-disk': '20XYZ' }, /^--price-disk: no exchange rate of XYZ/],
    [{ cameras: '2', 'price-disk': '20' }, /^--price-disk: "20" of what\?.* -> .*20USD/],
    [{ cameras: '2', 'cpu-load': '70' }, /^--cpu-load: "70" of what\? -> Write 70%/],
    [{ cameras: '2', nodes: '2', 'spare-nodes': '2' }, /^--spare-nodes: 2 spare of 2 nodes leave none to work/],
    [{ cameras: '2', raid: 'raid7' }, /^--raid: "raid7" is none of none, raid0/],
    [{ cameras: '2', memory: '1GB' }, /^--memory: a node of 1 GB has no room/],
    [{ cameras: '2', bitrates: '4Mbps' }, /"bitrates" is not a setting of a plan -> Near it: bitrate/],
  ]
  it.each(cases)('%j', (settings, expected) => expect(refusal(settings)).toMatch(expected))
})

describe('settings', () => {
  it('have defaults that are right, written so that they read back as the same value', () => {
    const { origins } = requestOf({ cameras: '200', accelerator: 'l4' })
    for (const { key, type } of SETTINGS) {
      const { text } = origins[key]!
      if (key === 'rate') continue
      const value = type.parse(text.replaceAll(/(?<=\d),(?=\d{3} )/g, ''))
      expect(type.problem(value), key).toBeUndefined()
      expect(type.format(value).replaceAll(' ', ''), key).toBe(text.replaceAll(' ', ''))
    }
  })

  it('each have a grade and a source, and no place in the inputs is used twice', () => {
    const { origins } = requestOf({ cameras: '200' })
    for (const { key } of SETTINGS) {
      if (key !== 'cameras') expect(origins[key]!.grade, key).not.toBeNull()
      expect(origins[key]!.source.text.length, key).toBeGreaterThan(2)
    }
    const paths = SETTINGS.map(({ path, ofKind }) => `${ofKind ? 'cameras.' : ''}${path}`)
    expect(new Set(paths).size).toBe(paths.length)
  })

  it('follow from each other unless said: H.265, 4K, a card, few cameras', () => {
    const { inputs } = requestOf({ cameras: '4', codec: 'h265', resolution: '4k', accelerator: 't4' })
    expect(inputs.cameras[0]!.main.p50).toBeCloseTo(14e6 * 0.85, 3)
    expect(inputs.viewers.tiles).toBe(4)
    expect(inputs.encoder).toMatchObject({ encodes: 38, decodes: 50 })
    expect(requestOf({ cameras: '4', codec: 'h265', bitrate: '3Mbps' }).inputs.cameras[0]!.main).toEqual({
      p10: 1.5e6,
      p50: 3e6,
      p90: 4.5e6,
    })
  })

  it('exchange money', () => {
    const { inputs } = requestOf({ cameras: '4', currency: 'VND', rate: 'VND=0.00004,EUR=1.2', 'price-disk': '20EUR' })
    expect(inputs.prices.disk.p50).toBeCloseTo((20 * 1.2) / 0.00004, 3)
  })

  it('bring a mix to another number, its shares kept and every camera counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 10_000 }),
        (counts, total) => {
          const rows = [['cameras'], ...counts.map(count => [`${count}`])].map((row, line) =>
            row.map(text => ({ text, line, column: 1 })),
          )
          const draft = { ...emptyDraft(), kinds: kindsOfTable(rows, 't.csv').kinds }
          say(draft, 'cameras', `${total}`, { by: 'flag', shown: '--cameras' })
          const found = composeInputs(draft).inputs.cameras.map(kind => kind.count)
          expect(found.reduce((sum, count) => sum + count, 0)).toBe(total)
          const all = counts.reduce((sum, count) => sum + count, 0)
          for (const [i, count] of found.entries())
            if (all > 0) expect(Math.abs(count - (counts[i]! / all) * total)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

describe('a table of cameras', () => {
  const cells = (...rows: string[][]) =>
    rows.map((row, i) => row.map((text, j) => ({ text, line: i + 1, column: j * 10 + 1 })))

  it('tells all bad rows at once, each with row and column', () => {
    const { faults } = kindsOfTable(
      cells(
        ['name', 'cameras', 'bitrate'],
        ['gates', '20', '4'],
        ['halls', '-5', '4Mbps'],
        ['yard', '', '1Mbps'],
        ['x', '1'],
      ),
      'c.csv',
    )
    expect(faults.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
      '2:21: bitrate: "4" of what? A bit rate needs its unit',
      '3:11: cameras: "-5" is below 0',
      '4:1: no number of cameras',
      '5:1: 2 fields where the header has 3',
    ])
  })

  it('knows its columns', () => {
    expect(kindsOfTable(cells(['camera', 'cameras'], ['a', '1']), 'c').faults[0]!.message).toBe(
      '"camera" is not a column of cameras',
    )
    expect(kindsOfTable(cells(['name']), 'c').faults[0]!.message).toBe('the first line has no column "cameras"')
    expect(kindsOfTable(cells(['cameras']), 'c').faults[0]!.message).toBe('there are no rows below the header')
  })
})

describe('a plan file', () => {
  const plan = planOf({ cameras: '200', resolution: '4k', retention: '60d', currency: 'EUR' })
  const text = JSON.stringify(plan)

  it('comes back with the same inputs, and so the same figures to the last digit', () => {
    const { inputs, origins } = parsePlanFile(text, 'p.json')
    expect(JSON.stringify(planSite({ inputs, origins }, '0.0.0'))).toBe(text)
  })

  it('as a draft gives the same plan, and others when more is said: defaults follow', () => {
    const again = composeInputs(draftOfPlan(parsePlanFile(text, 'p.json'), 'p.json'))
    expect(again.inputs).toEqual(plan.inputs)
    const draft = draftOfPlan(parsePlanFile(text, 'p.json'), 'p.json')
    say(draft, 'codec', 'h265', { by: 'flag', shown: '--codec' })
    expect(composeInputs(draft).inputs.cameras[0]!.main.p50).toBeCloseTo(14e6 * 0.85, 3)
  })

  it('is refused when it is none, of another version, or edited into what cannot be', () => {
    const refuse = (file: string) => {
      try {
        parsePlanFile(file, 'p.json')
      } catch (error) {
        return (error as Error).message
      }
      return 'taken'
    }
    expect(refuse('{')).toMatch(/^p.json is not JSON: /)
    expect(refuse('[]')).toBe('p.json is not a plan of vmsctl')
    expect(refuse('null')).toBe('p.json is not a plan of vmsctl')
    expect(refuse(text.replace('"version":1', '"version":2'))).toBe(
      'p.json is a plan of version 2, and this vmsctl reads version 1',
    )
    const edited = text.replace('"correlation":0.3', '"correlation":null').replace('"hours":24', '"hours":99')
    expect(refuse(edited)).toBe(
      'p.json: inputs.cameras[0].hours is more than 24\np.json: inputs.correlation is not a number',
    )
    expect(refuse('{"kind":"vmsctl-plan","version":1}')).toContain('inputs.cameras is not a list')
  })

  it('survives any value anywhere', () => {
    const paths = SETTINGS.filter(({ ofKind }) => !ofKind).map(({ path }) => path.split('.'))
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const copy = JSON.parse(text)
        const holder = path.slice(0, -1).reduce((node, part) => node[part], copy.inputs)
        holder[path.at(-1)!] = value
        try {
          parsePlanFile(JSON.stringify(copy), 'p.json')
        } catch (error) {
          expect(error).toBeInstanceOf(VmsError)
        }
      }),
    )
  })
})
