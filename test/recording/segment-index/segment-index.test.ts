import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/database/open.ts'
import type { JournalEntry } from '../../../src/media/recorder/index.ts'
import { isComplete } from '../../../src/recording/journal/journal-entry.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { CLOCK_SET, SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import type { Segment } from '../../../src/recording/types.ts'
import { segment } from '../support.ts'

const ALL = { start: 0, end: 4e12 }

describe('SegmentIndex', () => {
  let database: ReturnType<typeof openDatabase>
  let index: SegmentIndex
  beforeEach(() => {
    database = openDatabase(':memory:', INDEX_SCHEMA)
    index = new SegmentIndex(database)
  })
  afterEach(() => database.close())
  const recorded = () => index.recorded('gate-1', ALL).map(({ start, end }) => [start, end])
  const entry = (of: Segment) => ({ type: 'segment', ...of }) as JournalEntry

  it('gives back what it was given', () => {
    const one = segment(Date.UTC(2026, 10, 24, 12, 0, 0), Date.UTC(2026, 10, 24, 12, 3, 0), {
      path: 'gate-1/main/2026-11-24/20261124T120000Z.mp4',
      sha256: 'ab'.repeat(32),
      clockOffset: -1_234,
      session: '01kax',
      number: 7,
      began: 'reconnect',
      ended: 'refused',
    })
    const second = segment(one.end, one.end + 999, {
      path: 'gate-1/main/2026-11-24/20261124_130300-2.mp4',
      session: '01kay',
    })
    expect(index.add([second, one])).toBe(2)
    expect(index.segments('gate-1', ALL)).toEqual([one, second])
    expect(index.add([one, second])).toBe(0)
    expect(index.segments('gate-1', { start: one.end - 1, end: one.end })).toEqual([one])
    expect(index.segments('gate-1', { start: one.end, end: one.end })).toEqual([])
    expect(index.segments('hall', ALL)).toEqual([])
    expect(index.cameras()).toEqual(['gate-1'])
  })

  it('stores no path that follows from the start', () => {
    index.add([segment(0, 1_000, { path: 'gate-1/main/1970-01-01/19700101T000000Z.mp4' })])
    expect(database.prepare('SELECT path FROM segment').all()).toEqual([{ path: null }])
  })

  it('keeps sums and the place in the journal, and counts an entry once', () => {
    const entries = [segment(0, 60_000), segment(60_100, 120_000, { number: 1, began: 'duration' })].map(entry)
    index.ingest(entries, 3, 50)
    index.ingest(entries.slice(1), 3, 60)
    expect(index.totals().get('gate-1')).toEqual({ segments: 2, bytes: 2_000, lastEnd: 120_000 })
    expect([index.position(3), index.position(7)]).toEqual([60, 0])
    expect(recorded()).toEqual([[0, 120_000]])
  })

  it('joins neighbours of a session however their times lie, and nothing else', () => {
    const slow = segment(0, 90_000)
    const next = segment(180_000, 270_000, { number: 1, began: 'duration' })
    const stepped = segment(4_000_000, 4_090_000, { number: 2, began: 'clock-step' })
    const other = segment(4_090_500, 4_100_000, { session: 't' })
    index.add([other, stepped, next, slow])
    expect(recorded()).toEqual([
      [0, 270_000],
      [4_000_000, 4_090_000],
      [4_090_500, 4_100_000],
    ])
  })

  it('a clock that is set loses and doubles nothing', () => {
    const hour = 3_600_000
    fc.assert(
      fc.property(
        fc.constantFrom(-hour, hour, -400_000, 90_000, -2_000, 0),
        fc.integer({ min: 1, max: 19 }),
        fc.integer({ min: 50_000, max: 180_000 }),
        (step, at, media) => {
          const own = openDatabase(':memory:', INDEX_SCHEMA)
          const subject = new SegmentIndex(own)
          const segments = Array.from({ length: 20 }, (_, number) => {
            const start = 100_000_000 + number * 180_000 + (number >= at ? step : 0)
            const began = number === at && step !== 0 ? 'clock-step' : 'duration'
            return segment(start, start + media, { number, began })
          })
          subject.add(segments)
          const from = Math.min(...segments.map(({ start }) => start))
          const to = Math.max(...segments.map(({ start }) => start))
          const span = { start: from, end: to }
          const covered = [...subject.recorded('gate-1', span), ...subject.gaps('gate-1', span)]
          // Each second that there was is recorded once, and what the clock jumped over is known as such. Only a camera with a
          // slow clock leaves a doubt: where its segment ended before which our clock was set back.
          const doubt = step < 0 ? 180_000 - media : 0
          const sum = covered.reduce((total, { start, end }) => total + end - start, 0)
          expect(sum).toBeLessThanOrEqual(to - from)
          expect(sum).toBeGreaterThanOrEqual(to - from - doubt)
          const jumped = subject.gaps('gate-1', span)
          for (const { reason } of jumped) expect(reason).toBe(CLOCK_SET)
          if (step <= 0 && media > 178_000) expect(jumped).toEqual([])
          own.close()
        },
      ),
    )
  })

  it('a segment that was repaired stands in place of what was told of it', () => {
    index.add([segment(0, 60_000), segment(60_000, 70_000, { session: 't' })])
    index.add([segment(0, 50_000, { bytes: 900, ended: 'repaired' })])
    expect(recorded()).toEqual([
      [0, 50_000],
      [60_000, 70_000],
    ])
    expect(index.totals().get('gate-1')).toMatchObject({ segments: 2, bytes: 1_900 })
  })

  it('what is removed is not recorded any more, and known to have been', () => {
    const segments = [0, 1, 2, 3].map(number =>
      segment(number * 60_000, number * 60_000 + 59_990, { number, began: 'duration' }),
    )
    index.add(segments)
    index.remove(segments.slice(0, 1), 'expired')
    index.remove(segments.slice(1, 2), 'expired')
    index.remove(segments.slice(1, 2), 'expired')
    expect(recorded()).toEqual([[120_000, 239_990]])
    expect(index.removed('gate-1', ALL)).toEqual([{ start: 0, end: 120_000, reason: 'expired' }])
    expect(index.totals().get('gate-1')).toMatchObject({ segments: 2, bytes: 2_000 })
    expect(index.segments('gate-1', ALL)).toEqual(segments.slice(2))
  })

  it('notes gaps once, as one while they go on', () => {
    const gap = (start: number, end: number, reason = 'refused'): JournalEntry => ({
      type: 'gap',
      camera: 'gate-1',
      start,
      end,
      reason,
    })
    index.ingest([gap(0, 10), gap(10, 20), gap(0, 10), gap(20, 30, 'stalled')], 0, 1)
    expect(index.gaps('gate-1', { start: 15, end: 100 })).toEqual([
      { start: 0, end: 20, reason: 'refused' },
      { start: 20, end: 30, reason: 'stalled' },
    ])
  })

  it('stores nothing of a batch that fails, and goes on afterwards', () => {
    const bad = { ...entry(segment(1, 2, { camera: 'new' })), bytes: undefined } as unknown as JournalEntry
    expect(isComplete(bad)).toBe(false)
    expect(() => index.ingest([entry(segment(0, 1)), bad], 0, 9)).toThrow()
    expect([index.totals().size, index.position(0)]).toEqual([0, 0])
    index.ingest([entry(segment(0, 1)), entry(segment(1, 2, { camera: 'new' }))], 0, 9)
    expect(index.cameras()).toEqual(['gate-1', 'new'])
  })

  it('takes any complete entry', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 1 }), value => {
        const any = { ...entry(segment(0, 1)), ...value } as JournalEntry
        if (isComplete(any)) index.ingest([any], 0, 1)
      }),
    )
  })

  it('says the same in whatever order it learnt of segments, and after any removals', () => {
    const some = fc.record({
      start: fc.nat(40),
      length: fc.integer({ min: 1, max: 12 }),
      session: fc.constantFrom('s', 't'),
      number: fc.nat(5),
      began: fc.constantFrom('duration', 'clock-step', 'frames-dropped'),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(some, { maxLength: 12, selector: keyOf }),
        fc.infiniteStream(fc.nat()),
        (all, dice) => {
          const given = all.map(({ start, length, session, number, began }) =>
            segment(start, start + length, { session, number, began, path: `gate-1/main/${session}-${number}.mp4` }),
          )
          const own = openDatabase(':memory:', INDEX_SCHEMA)
          const subject = new SegmentIndex(own)
          const shuffled = given.map(of => ({ of, at: dice.next().value })).sort((a, b) => a.at - b.at)
          for (const { of } of shuffled) subject.add([of])
          expect(subject.recorded('gate-1', ALL)).toEqual(union(given))
          const kept = given.filter(() => dice.next().value % 3 > 0)
          subject.remove(
            given.filter(of => !kept.includes(of)),
            'expired',
          )
          const bytes = kept.length * 1_000
          if (kept.length > 0) expect(subject.totals().get('gate-1')).toMatchObject({ segments: kept.length, bytes })
          expect(subject.recorded('gate-1', ALL)).toEqual(union(kept))
          own.close()
        },
      ),
      { numRuns: 300 },
    )
  })
})

const keyOf = ({ session, number }: { session: string; number: number }) => `${session} ${number}`

/** What segments record together, by trying every instant. */
function union(segments: readonly Segment[]): { start: number; end: number }[] {
  const at = new Set<number>()
  const mark = (from: number, to: number) => {
    for (let instant = from; instant < to; instant++) at.add(instant)
  }
  for (const one of segments) {
    mark(one.start, one.end)
    const next = segments.find(({ session, number }) => session === one.session && number === one.number + 1)
    if (next && next.start >= one.start && next.began === 'duration') mark(one.end, next.start)
  }
  const spans: { start: number; end: number }[] = []
  for (const instant of [...at].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last?.end === instant) last.end++
    else spans.push({ start: instant, end: instant + 1 })
  }
  return spans
}
