import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderCoverage } from '../../../src/cli/coverage-view.ts'
import { PLAIN } from '../../../src/cli/palette.ts'
import { formatLocal } from '../../../src/kernel/instant.ts'
import { cellEdges, stripSvg } from '../../../src/recording/coverage/html/strip.ts'
import {
  cellState,
  coverageAnswer,
  coverageCells,
  coverageCsv,
  coverageHtml,
  coverageReport,
  describeGap,
  longestGaps,
} from '../../../src/recording/coverage/index.ts'
import type { CoveragePiece } from '../../../src/recording/types.ts'

const HOUR = 3_600_000
const start = Date.parse('2026-10-24T12:00:00Z')
const piece = (
  from: number,
  to: number,
  state: CoveragePiece['state'],
  detail: string | null = null,
): CoveragePiece => ({
  start: start + from * HOUR,
  end: start + to * HOUR,
  state,
  detail,
})
const HOSTILE = `"><img src=x onerror=alert(1)>'&</script>`
const report = coverageReport({ name: HOSTILE, timezone: 'Europe/Paris' }, { start, end: start + 24 * HOUR }, [
  { camera: 'good', group: null, pieces: [piece(0, 24, 'recorded')] },
  {
    camera: 'bad',
    group: 'hall',
    pieces: [
      piece(0, 6, 'recorded'),
      piece(6, 7, 'refused', 'refused'),
      piece(7, 7.5, 'other', HOSTILE),
      piece(7.5, 18, 'recorded'),
      piece(18, 24, 'stopped', 'by anna'),
    ],
  },
  { camera: 'off', group: null, pieces: [piece(0, 24, 'not-scheduled', 'outside of the schedule')] },
])

describe('coverageAnswer', () => {
  it('names the cameras that lack most', () => {
    expect(coverageAnswer(report)).toBe('1 of 2 cameras lacks footage: bad 1 h 30 min. 96.42 % is recorded.')
    expect(coverageAnswer(coverageReport(report_site, report.span, [report.cameras[0]!]))).toBe(
      'good lacks nothing: every second that was wanted is recorded.',
    )
    expect(coverageAnswer(coverageReport(report_site, report.span, [report.cameras[2]!]))).toBe(
      'Nothing was to be recorded.',
    )
  })
})
const report_site = { name: 'x', timezone: 'UTC' }

describe('longestGaps', () => {
  it('says a thing once', () => {
    const words = (state: CoveragePiece['state'], detail: string | null) =>
      describeGap({ pieces: [piece(0, 1, state, detail)] }, String)
    expect(words('disk-full', 'disk full')).toBe('disk full')
    expect(words('unauthorized', '401 unauthorized')).toBe('401 unauthorized')
    expect(words('unreachable', 'host name not found')).toBe('unreachable (host name not found)')
    expect(words('node-down', null)).toBe('node-down')
  })
  it('joins what touches and says why by length', () => {
    const [gap, ...more] = longestGaps(report)
    expect(more).toEqual([])
    expect(gap).toMatchObject({ camera: 'bad', start: start + 6 * HOUR, end: start + 7.5 * HOUR })
    expect(describeGap(gap!, length => `${length / HOUR} h`)).toBe(`refused 1 h, other (${HOSTILE}) 0.5 h`)
  })
})

describe('coverageCells', () => {
  it('share the pieces out without loss', () => {
    const states = fc.constantFrom(
      'recorded' as const,
      'refused' as const,
      'disk-full' as const,
      'stopped' as const,
      'expired' as const,
    )
    const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), states), { maxLength: 12 }).map(list => {
      let at = 10
      return list.map(([length, state]): CoveragePiece => {
        at += length
        return { start: at - length, end: at, state, detail: null }
      })
    })
    const edges = fc
      .uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 20 })
      .map(list => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(pieces, edges, (list, bounds) => {
        const cells = coverageCells(list, bounds)
        expect(cells).toHaveLength(bounds.length - 1)
        for (const [index, cell] of cells.entries()) {
          const [from, to] = [bounds[index]!, bounds[index + 1]!]
          const within = (state: string) =>
            list.reduce(
              (sum, { start, end, state: own }) =>
                own === state ? sum + Math.max(0, Math.min(end, to) - Math.max(start, from)) : sum,
              0,
            )
          expect(cell).toEqual({
            recorded: within('recorded'),
            camera: within('refused'),
            machine: within('disk-full'),
            off: within('stopped'),
            expired: within('expired'),
          })
        }
      }),
    )
  })
  it('show the worst', () => {
    const none = { recorded: 0, camera: 0, machine: 0, off: 0, expired: 0 }
    expect(cellState({ ...none, recorded: 3, camera: 1, off: 9 })).toEqual({ kind: 'camera', share: 0.75 })
    expect(cellState({ ...none, recorded: 1, off: 9 })).toEqual({ kind: 'recorded', share: 1 })
    expect(cellState({ ...none, machine: 1 })).toEqual({ kind: 'machine', share: 0 })
    expect(cellState({ ...none, off: 1, expired: 2 }).kind).toBe('expired')
    expect(cellState(none).kind).toBe('nothing')
  })
})

describe('the heat map', () => {
  it('has cells of whole hours in the zone, also where summer time ends', () => {
    const { edges, step } = cellEdges({ start: start + 1_000, end: start + 24 * HOUR }, 'Europe/Paris')
    expect(step).toBe(HOUR)
    expect(edges.at(0)).toBe(start + 1_000)
    expect(edges.at(-1)).toBe(start + 24 * HOUR)
    for (const edge of edges.slice(1, -1)) expect(formatLocal(edge, 'Europe/Paris')).toMatch(/:00:00$/)
    // 25 hours of clocks that show 24: the doubled one is a cell of two.
    expect(edges.slice(1).map((edge, i) => Math.round((edge - edges[i]!) / HOUR))).toContain(2)
  })
  it('has cells that a page can hold, whatever the span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 5e12 }), length => {
        const { edges } = cellEdges({ start, end: start + length }, 'America/Sao_Paulo')
        expect(edges.length).toBeLessThanOrEqual(244)
        for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1]!)
      }),
    )
  })
  it('draws neighbours that look the same once', () => {
    const { edges } = cellEdges(report.span, 'UTC')
    expect(stripSvg(report.cameras[0]!.pieces, report.span, edges).match(/<rect/g)).toHaveLength(1)
    expect(stripSvg(report.cameras[1]!.pieces, report.span, edges)).toContain('<rect class="camera s4" x="250"')
  })
})

describe('coverageHtml', () => {
  const html = coverageHtml(report, start)
  it('escapes whatever cameras and people wrote', () => {
    expect(html).not.toContain('<img')
    expect(html.match(/<script/g)).toHaveLength(2)
    expect(html).toContain('&quot;&gt;&lt;img')
  })
  it('says what it says without its script', () => {
    expect(html).toContain('bad: 91.66 % recorded, 1 gap, the longest 1 h 30 min')
    expect(html).toContain('2026-10-24 14:00:00 to 2026-10-25 13:00:00, Europe/Paris')
    expect(/url\(|@import|fetch\(|XMLHttpRequest|import\(| href=/.test(html)).toBe(false)
  })
})

describe('coverageCsv', () => {
  it('has a line a piece', () => {
    const lines = coverageCsv(report).trim().split('\r\n')
    expect(lines).toHaveLength(8)
    expect(lines[3]).toBe('bad,2026-10-24T20:00:00+02:00,2026-10-24T21:00:00+02:00,3600,refused,refused')
  })
})

describe('renderCoverage', () => {
  it('is ASCII in a pipe', () => {
    const text = renderCoverage(report, { palette: PLAIN, columns: 46, blocks: false })
    expect(text.split('\n').slice(0, 6)).toEqual(
      [
        '1 of 2 cameras lacks footage: bad 1 h 30 min. 96.42 % is recorded.',
        '2026-10-24 14:00:00 to 2026-10-25 13:00:00 Europe/Paris',
        'good  100.00 %  #############################',
        'bad    91.66 %  #######+_+############+.......',
        'off          -  .............................',
        '# recorded  + in part  _ nothing  . not wanted  x expired',
      ].map((line, i) => (i === 3 ? expect.stringMatching(/^bad {4}91\.66 % {2}#######[+_]{2,3}#+\.+$/) : line)),
    )
    expect(text).toMatch(/^bad +2026-10-24 20:00:00 +2026-10-24 21:30:00 +1 h 30 min +refused 1 h, other/m)
    expect(text.replace(HOSTILE, '')).toMatch(/^[\x20-\x7e\n]*$/)
  })
  it('has blocks on a terminal', () => {
    expect(renderCoverage(report, { palette: PLAIN, columns: 100, blocks: true })).toMatch(/^bad .*█▁?[▁-▇]?_/m)
  })
})
