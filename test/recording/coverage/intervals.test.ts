import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPercent, gapsOf, summarize } from '../../../src/recording/coverage/index.ts'
import { flatten, overlay, union, within } from '../../../src/recording/coverage/intervals.ts'
import type { CoveragePiece, Interval } from '../../../src/recording/types.ts'

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([start, length]) => ({ start, end: start + length }))
const named = fc
  .array(interval, { maxLength: 8 })
  .map(items => items.map((item, index) => ({ ...item, name: `n${index}` })))
const at = (moment: number) => (item: Interval) => item.start <= moment && moment < item.end

function inOrder(items: readonly Interval[]): void {
  for (const [index, { start, end }] of items.entries()) {
    expect(start).toBeLessThan(end)
    if (index > 0) expect(start).toBeGreaterThanOrEqual(items[index - 1]!.end)
  }
}

describe('intervals', () => {
  it('union covers what any covers, within the span', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 8 }), interval, (items, span) => {
        const result = union(items, span)
        inOrder(result)
        for (let t = 0; t < 90; t++) expect(result.some(at(t))).toBe(at(t)(span) && items.some(at(t)))
      }),
    )
  })

  it('flatten gives each moment to the one that began last', () => {
    fc.assert(
      fc.property(named, items => {
        const result = flatten(items)
        inOrder(result)
        for (let t = 0; t < 90; t++) {
          const there = items.filter(at(t))
          const start = Math.max(...there.map(item => item.start))
          expect(result.find(at(t))?.name).toBe(there.findLast(item => item.start === start)?.name)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('overlay gives each moment to the upper one', () => {
    fc.assert(
      fc.property(named, named, (first, second) => {
        const lower = flatten(first).map(item => ({ ...item, name: `low ${item.name}` }))
        const upper = flatten(second)
        const result = overlay(lower, upper)
        inOrder(result)
        for (let t = 0; t < 90; t++)
          expect(result.find(at(t))?.name).toBe((upper.find(at(t)) ?? lower.find(at(t)))?.name)
      }),
      { numRuns: 1_000 },
    )
  })

  it('within cuts', () => {
    const items = [
      { start: 0, end: 10 },
      { start: 20, end: 30 },
    ]
    expect(within(items, { start: 5, end: 20 })).toEqual([{ start: 5, end: 10 }])
  })
})

describe('sums', () => {
  const pieces: CoveragePiece[] = [
    { start: 0, end: 900, state: 'recorded', detail: null },
    { start: 900, end: 950, state: 'refused', detail: 'refused' },
    { start: 950, end: 1_000, state: 'node-down', detail: null },
    { start: 1_000, end: 5_000, state: 'stopped', detail: 'by anna' },
    { start: 5_000, end: 9_000, state: 'expired', detail: null },
  ]
  it('count what was wanted, and tell the rest', () => {
    expect(summarize(pieces)).toEqual({
      recorded: 900,
      wanted: 1_000,
      percent: 90,
      missing: { refused: 50, 'node-down': 50, stopped: 4_000, expired: 4_000 },
    })
    expect(summarize([]).percent).toBeNull()
    expect(gapsOf(pieces)).toEqual([{ start: 900, end: 1_000, pieces: pieces.slice(1, 3) }])
  })
  it('never call 100 what is less', () => {
    expect(formatPercent(99.9999)).toBe('99.99 %')
    expect(formatPercent(100)).toBe('100.00 %')
    expect(formatPercent(99.9)).toBe('99.90 %')
    expect(formatPercent(null)).toBe('-')
  })
})
