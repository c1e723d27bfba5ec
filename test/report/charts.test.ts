import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barChart, htmlPage, htmlTable, markdownTable, stackedLines, tornado } from '../../src/report/index.ts'
import { ticks } from '../../src/report/svg/scale.ts'
import { tagsBalance } from '../support/well-formed.ts'

const HOSTILE = `<script>alert("1")</script> & 'x' | *b* \n<`
const names = fc.oneof(fc.string(), fc.constant(HOSTILE))
const values = fc.oneof(fc.double({ min: 0, max: 1e18, noNaN: true }), fc.constant(0))
const format = (value: number) => value.toPrecision(3)

function sound(svg: string): void {
  expect(tagsBalance(svg)).toBe('')
  expect(svg).not.toMatch(/NaN|Infinity|undefined|<script/)
  expect(svg).toMatch(/^<svg class="chart" role="img" aria-labelledby="c-title c-words"/)
  // No bar has a negative length, which is an error in SVG.
  expect(svg).not.toMatch(/(width|height)="-/)
}

describe('charts', () => {
  it('of bars are sound whatever is in them, and tell every figure in words', () => {
    const bar = fc.record({ label: names, value: values, high: values })
    const mark = fc.option(fc.record({ value: values, label: names }), { nil: undefined })
    fc.assert(
      fc.property(fc.array(bar, { maxLength: 8 }), mark, names, (bars, at, title) => {
        const svg = barChart({ id: 'c', title, bars, format, ...(at ? { mark: at } : {}) })
        sound(svg)
        for (const { value } of bars) expect(svg.split('<desc')[1]).toContain(format(value))
      }),
    )
  })
  it('of layers are sound, and their names do not cover each other', () => {
    const days = [0, 1, 2, 3]
    const layer = fc.record({ name: names, values: fc.array(values, { minLength: 4, maxLength: 4 }) })
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 6 }), names, (layers, title) =>
        sound(stackedLines({ id: 'c', title, days, layers, format })),
      ),
    )
    const layers = ['a', 'b', 'c'].map(name => ({ name, values: [0, 0, 0, 0] }))
    const heights = [
      ...stackedLines({ id: 'c', title: 't', days, layers, format }).matchAll(/y="([\d.-]+)"[^>]*>[abc]</g),
    ]
    const at = heights.map(([, y]) => Number(y))
    expect(at).toHaveLength(3)
    expect(at[0]! - at[1]!).toBeGreaterThanOrEqual(14)
    expect(at[1]! - at[2]!).toBeGreaterThanOrEqual(14)
  })
  it('of swings are sound, also when all are on one side or the wrong way round', () => {
    const row = fc.record({ label: names, low: values, high: values })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), values, names, (rows, middle, title) =>
        sound(tornado({ id: 'c', title, middle, rows, format })),
      ),
    )
  })
  it('draw a bar in proportion', () => {
    const svg = barChart({
      id: 'c',
      title: 't',
      bars: [
        { label: 'a', value: 50 },
        { label: 'b', value: 100 },
      ],
      format,
    })
    const [a, b] = [...svg.matchAll(/<rect[^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width))
    expect(b! / a!).toBeCloseTo(2, 2)
  })
  it('have axes of round numbers that reach the top', () => {
    expect(ticks(597)).toEqual([0, 200, 400, 600])
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e18, noNaN: true }), most => {
        const steps = ticks(most)
        expect(steps.at(-1)!).toBeGreaterThanOrEqual(most * (1 - 1e-6))
        expect(steps.length).toBeLessThanOrEqual(6)
      }),
    )
  })
})

describe('tables', () => {
  it('of Markdown keep their columns, whatever is in the cells', () => {
    const cells = fc.array(fc.tuple(names, names), { maxLength: 5 })
    fc.assert(
      fc.property(cells, rows => {
        const lines = markdownTable(['a', 'b'], rows, [1]).split('\n')
        expect(lines).toHaveLength(rows.length + 2)
        for (const line of lines) expect(line.match(/(?<!\\)(\\\\)*\|/g)).toHaveLength(3)
      }),
    )
    expect(markdownTable(['a', 'b'], [], [1])).toBe('| a | b |\n| --- | ---: |')
  })
  it('of HTML are well formed and mark the best in writing too', () => {
    const html = htmlTable({ head: ['', HOSTILE], rows: [[HOSTILE, { text: '3 Mbps', best: true }]], right: [1] })
    expect(tagsBalance(html)).toBe('')
    expect(html).toContain('<b>3\u00a0Mbps</b>')
    expect(html).not.toContain('<script')
  })
})

describe('a page without a script', () => {
  it('has none, and allows none', () => {
    const page = htmlPage({ title: HOSTILE, body: '<p>x</p>', style: '' })
    expect(page).toContain("script-src 'none'")
    expect(page).not.toMatch(/<script/)
  })
})
