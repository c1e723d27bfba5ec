import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type CameraFacts, cameraAccount, gapReason, withOngoing } from '../../../src/recording/coverage/index.ts'
import type { CoveragePiece, Interval } from '../../../src/recording/types.ts'

const SPAN = { start: 20, end: 120 }
const STRICT = { tolerance: 0, settling: 0 }

const interval = fc
  .tuple(fc.integer({ min: 0, max: 140 }), fc.integer({ min: 0, max: 40 }))
  .map(([start, length]) => ({ start, end: start + length }))
const intervals = fc.array(interval, { maxLength: 6 })
const reason = fc.constantFrom('refused', '401 unauthorized', 'disk full', 'no recorder', 'something else')
const facts: fc.Arbitrary<CameraFacts> = fc.record({
  recorded: intervals,
  skipped: fc.array(interval, { maxLength: 2 }),
  notes: fc.array(
    fc.tuple(interval, reason).map(([note, text]) => ({ ...note, reason: text })),
    { maxLength: 6 },
  ),
  removed: fc.array(
    fc.tuple(interval, fc.constantFrom('expired' as const, 'deleted' as const)).map(([piece, state]) => ({
      ...piece,
      state,
      detail: null,
    })),
    { maxLength: 3 },
  ),
  wishes: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 140 }),
      record: fc.boolean(),
      by: fc.constantFrom('anna', 'schedule', 'configuration'),
    }),
    { maxLength: 4 },
  ),
  configured: fc.oneof(intervals, fc.constant([{ start: 0, end: Number.POSITIVE_INFINITY }])),
})

const covers = (at: number) => (item: Interval) => item.start <= at && at < item.end

/** What is true of one millisecond, straight from the rules. */
function stateAt(camera: CameraFacts, at: number): string {
  const { recorded, skipped = [], removed, wishes, notes, configured } = camera
  if (recorded.some(covers(at))) return 'recorded'
  const newest = <T extends Interval>(items: readonly T[]) => {
    const there = items.filter(covers(at))
    const start = Math.max(...there.map(item => item.start))
    return there.findLast(item => item.start === start)
  }
  const gone = newest(removed)
  if (gone) return gone.state
  const here = configured.some(covers(at))
  if (here) {
    const latest = Math.max(...wishes.filter(wish => wish.at <= at).map(wish => wish.at))
    const wish = wishes.findLast(candidate => candidate.at === latest)
    if (wish && !wish.record) return wish.by === 'anna' ? 'stopped by anna' : 'not-scheduled'
  }
  const note = newest(notes)
  if (note) return `${gapReason(note.reason)} ${note.reason}`
  if (skipped.some(covers(at))) return 'clock-set'
  return here ? 'node-down' : 'not-configured'
}

function shown({ state, detail }: CoveragePiece): string {
  return detail === null || state === 'not-scheduled' ? state : `${state} ${detail}`
}

describe('cameraAccount', () => {
  it('agrees with the rules at every millisecond, and leaves nothing out', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 10, max: 150 }), (camera, now) => {
        const pieces = cameraAccount(camera, SPAN, now, STRICT)
        let at = SPAN.start
        for (const piece of pieces) {
          expect(piece.start).toBe(at)
          expect(piece.end).toBeGreaterThan(piece.start)
          for (; at < piece.end; at++) expect([at, shown(piece)]).toEqual([at, stateAt(camera, at)])
        }
        expect(at).toBe(Math.max(SPAN.start, Math.min(SPAN.end, now)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('of a part says what it says of the whole', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 21, max: 119 }), (camera, cut) => {
        const sum = (pieces: readonly CoveragePiece[]) => {
          const states: Record<string, number> = {}
          for (const piece of pieces) states[shown(piece)] = (states[shown(piece)] ?? 0) + piece.end - piece.start
          return states
        }
        const whole = cameraAccount(camera, SPAN, 1_000, STRICT)
        const parts = [
          ...cameraAccount(camera, { start: SPAN.start, end: cut }, 1_000, STRICT),
          ...cameraAccount(camera, { start: cut, end: SPAN.end }, 1_000, STRICT),
        ]
        expect(sum(parts)).toEqual(sum(whole))
      }),
    )
  })

  const always = { wishes: [], notes: [], removed: [], configured: [{ start: 0, end: 1e15 }] }

  it('gives a short hole that nothing explains to its neighbour, and a long one to nobody', () => {
    const recorded = [
      { start: 0, end: 60_000 },
      { start: 61_000, end: 120_000 },
      { start: 130_000, end: 200_000 },
    ]
    expect(cameraAccount({ ...always, recorded }, { start: 0, end: 200_000 }, 1e9)).toEqual([
      { start: 0, end: 120_000, state: 'recorded', detail: null },
      { start: 120_000, end: 130_000, state: 'node-down', detail: null },
      { start: 130_000, end: 200_000, state: 'recorded', detail: null },
    ])
    const notes = [{ start: 60_000, end: 61_000, reason: 'frames dropped' }]
    expect(cameraAccount({ ...always, notes, recorded }, { start: 0, end: 70_000 }, 1e9)[1]).toEqual({
      start: 60_000,
      end: 61_000,
      state: 'frames-dropped',
      detail: 'frames dropped',
    })
  })

  it('does not say of the last seconds what nobody can know yet', () => {
    const recorded = [{ start: 0, end: 60_000 }]
    const account = (now: number) => cameraAccount({ ...always, recorded }, { start: 0, end: 1e9 }, now).at(-1)
    expect(account(50_000)).toMatchObject({ state: 'recorded', end: 50_000 })
    expect(account(69_000)).toMatchObject({ state: 'recorded', end: 60_000 })
    expect(account(71_000)).toMatchObject({ state: 'node-down', start: 60_000, end: 71_000 })
  })

  it('says nothing of the future, nor of a span that is none', () => {
    expect(cameraAccount({ ...always, recorded: [] }, { start: 100, end: 200 }, 50)).toEqual([])
    expect(cameraAccount({ ...always, recorded: [] }, { start: 200, end: 100 }, 500)).toEqual([])
  })
})

describe('withOngoing', () => {
  const pieces: CoveragePiece[] = [
    { start: 0, end: 100, state: 'recorded', detail: null },
    { start: 100, end: 200, state: 'node-down', detail: null },
  ]
  it('gives the end that nobody noted the reason of now, as far as somebody was there', () => {
    expect(withOngoing(pieces, { since: 50, reason: '404 no such stream' })[1]).toEqual({
      start: 100,
      end: 200,
      state: 'refused',
      detail: '404 no such stream',
    })
    expect(withOngoing(pieces, { since: 150, reason: 'refused' }).map(({ start, state }) => [start, state])).toEqual([
      [0, 'recorded'],
      [100, 'node-down'],
      [150, 'refused'],
    ])
    expect(withOngoing(pieces, { since: 200, reason: 'refused' })).toEqual(pieces)
    expect(withOngoing(pieces.slice(0, 1), { since: 0, reason: 'refused' })).toEqual(pieces.slice(0, 1))
    expect(withOngoing([], { since: 0, reason: 'refused' })).toEqual([])
  })
})
