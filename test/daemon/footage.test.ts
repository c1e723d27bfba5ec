import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FootageStore, NO_RECORDER } from '../../src/daemon/database/footage-store.ts'
import { openDatabase } from '../../src/daemon/database/open.ts'
import { StateStore } from '../../src/daemon/database/state-store.ts'
import { isComplete } from '../../src/daemon/journal-entry.ts'
import { type Interval, uncovered, unwanted } from '../../src/daemon/lost-footage.ts'
import type { JournalEntry } from '../../src/media/recorder/index.ts'

describe('uncovered', () => {
  const interval = fc
    .tuple(fc.nat(100), fc.nat(30))
    .map(([start, length]): Interval => ({ start, end: start + length }))
  it('agrees with counting every millisecond', () => {
    fc.assert(
      fc.property(interval, fc.array(interval, { maxLength: 8 }), (whole, covered) => {
        const open = (at: number) => !covered.some(({ start, end }) => start <= at && at < end)
        const rest = uncovered(whole, covered)
        for (let at = whole.start; at < whole.end; at++) {
          expect(rest.some(({ start, end }) => start <= at && at < end)).toBe(open(at))
        }
        for (const { start, end } of rest) expect(start).toBeLessThan(end)
      }),
    )
  })
  it('knows when nobody wanted a recording', () => {
    const whole = { start: 10, end: 50 }
    expect(unwanted(whole, [], true)).toEqual([])
    expect(unwanted(whole, [], false)).toEqual([whole])
    expect(
      unwanted(
        whole,
        [
          { at: 5, record: false },
          { at: 20, record: true },
        ],
        true,
      ),
    ).toEqual([{ start: 10, end: 20 }])
    expect(unwanted(whole, [{ at: 30, record: false }], true)).toEqual([{ start: 30, end: 50 }])
  })
})

describe('FootageStore', () => {
  let database: ReturnType<typeof openDatabase>
  let store: FootageStore
  let state: StateStore
  beforeEach(() => {
    database = openDatabase(':memory:')
    store = new FootageStore(database)
    state = new StateStore(database)
  })
  afterEach(() => database.close())

  const segment = (start: number, end: number, over: object = {}) =>
    ({
      type: 'segment',
      camera: 'a',
      stream: 'main',
      session: 's',
      number: 0,
      path: `a/${start}.mp4`,
      start,
      end,
      bytes: 1_000,
      frames: 25,
      codec: 'h264',
      began: 'first',
      ended: 'duration',
      ...over,
    }) as JournalEntry
  const lost = () => store.lost(0, 1e9).get('a') ?? {}
  let position = 0
  const ingest = (...entries: JournalEntry[]) => store.ingest(entries, 0, ++position)

  it('keeps sums and the place in the journal, and counts an entry once', () => {
    ingest(segment(0, 60_000), segment(60_100, 120_000))
    ingest(segment(0, 60_000))
    expect(store.totals().get('a')).toEqual({ segments: 2, bytes: 2_000, lastEnd: 120_000 })
    expect(store.position(0)).toBe(position)
    expect(store.position(7)).toBe(0)
    expect(lost()).toEqual({})
  })

  it('a hole that no journal explains is footage that no recorder took', () => {
    ingest(segment(0, 60_000), segment(100_000, 120_000))
    expect(lost()).toEqual({ [NO_RECORDER]: 40 })
  })

  it('what the journal explains stands under its own reason', () => {
    ingest(
      segment(0, 60_000),
      { type: 'gap', camera: 'a', start: 60_000, end: 90_000, reason: 'refused' },
      segment(100_000, 120_000),
    )
    expect(lost()).toEqual({ refused: 30, [NO_RECORDER]: 10 })
  })

  it('what nobody wanted is not lost', () => {
    state.wish(['a'], { record: false, by: 'x', at: 60_000 })
    state.wish(['a'], { record: true, by: 'x', at: 99_500 })
    ingest(segment(0, 60_000), segment(100_000, 120_000))
    expect(lost()).toEqual({})
  })

  it('a segment that was repaired later closes the hole', () => {
    ingest(segment(0, 60_000), segment(100_000, 120_000), segment(60_000, 99_500))
    expect(lost()).toEqual({})
  })

  it('counts only what lies in the window', () => {
    ingest({ type: 'gap', camera: 'a', start: 10_000, end: 20_000, reason: 'refused' })
    expect(store.lost(15_000, 1e9).get('a')).toEqual({ refused: 5 })
    expect(store.lost(20_000, 1e9).size).toBe(0)
  })

  it('stores nothing of a batch that fails', () => {
    const bad = { ...segment(1, 2), bytes: undefined } as unknown as JournalEntry
    expect(isComplete(bad)).toBe(false)
    expect(() => ingest(segment(0, 1), bad)).toThrow()
    expect(store.totals().size).toBe(0)
  })

  it('takes any complete entry', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 1 }), value => {
        const entry = { ...segment(0, 1), ...value } as JournalEntry
        if (isComplete(entry)) ingest(entry)
      }),
    )
  })
})

describe('StateStore', () => {
  it('keeps wishes, and since when a camera is here', () => {
    const database = openDatabase(':memory:')
    const state = new StateStore(database)
    state.wish(['a', 'b'], { record: false, by: 'anna', at: 5 })
    state.wish(['b'], { record: true, by: 'ben', at: 6 })
    expect(state.wishes()).toEqual(
      new Map([
        ['a', { record: false, by: 'anna', at: 5 }],
        ['b', { record: true, by: 'ben', at: 6 }],
      ]),
    )
    state.place(
      new Map([
        ['a', 0],
        ['b', 1],
      ]),
      10,
    )
    state.place(
      new Map([
        ['b', 0],
        ['c', 1],
      ]),
      20,
    )
    expect(state.placements()).toEqual(
      new Map([
        ['b', { slot: 0, since: 10 }],
        ['c', { slot: 1, since: 20 }],
      ]),
    )
    expect(state.setting('x')).toBeUndefined()
    state.set('x', '1')
    expect(state.setting('x')).toBe('1')
    database.close()
  })

  it('refuses the database of a newer vmsctl, and one that cannot be', () => {
    const dir = mkdtempSync(join(tmpdir(), 'vms-db-'))
    const path = join(dir, 'x.db')
    const database = openDatabase(path)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(() => openDatabase(path)).toThrow(/newer vmsctl/)
    writeFileSync(path, 'no database at all, but long enough to be looked at '.repeat(100))
    expect(() => openDatabase(path)).toThrow(/cannot be used/)
    rmSync(dir, { recursive: true })
  })
})
