import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CameraFacts,
  cameraAccount,
  gapReason,
  recordedTime,
  summarize,
} from '../../../src/recording/coverage/index.ts'
import type { CoveragePiece, Interval, Segment } from '../../../src/recording/types.ts'

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
    fc.record({ at: fc.integer({ min: 0, max: 140 }), record: fc.boolean(), by: fc.constantFrom('anna', 'ben') }),
    { maxLength: 4 },
  ),
  record: fc.boolean(),
  schedule: fc.option(intervals, { nil: undefined }),
  configured: fc.oneof(intervals, fc.constant([{ start: 0, end: Number.POSITIVE_INFINITY }])),
})

const covers = (at: number) => (item: Interval) => item.start <= at && at < item.end

/** What is true of one millisecond, straight from the rules. */
function stateAt(camera: CameraFacts, at: number): string {
  const { recorded, skipped = [], removed, wishes, record, schedule, notes, configured } = camera
  if (recorded.some(covers(at))) return 'recorded'
  if (skipped.some(covers(at))) return 'clock-set'
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
    if (wish && !wish.record) return `stopped by ${wish.by}`
    if (!wish && (!record || (schedule && !schedule.some(covers(at))))) return 'not-scheduled'
  }
  const note = newest(notes)
  if (note) return `${gapReason(note.reason)} ${note.reason}`
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

  const always = { record: true, wishes: [], notes: [], removed: [], configured: [{ start: 0, end: 1e15 }] }

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

function part(number: number, start: number, length: number, over: Partial<Segment> = {}) {
  return { session: 's', number, start, end: start + length, began: 'duration', ...over }
}

/** A recorder that cuts segments of `media` ms for `taken` ms of true time, while somebody sets the clock once. */
function recording(count: number, taken: number, media: number, step: number, at: number) {
  const segments = Array.from({ length: count }, (_, number) => {
    const start = 1_000_000 + number * taken + (number >= at ? step : 0)
    return part(number, start, media, number === at && step !== 0 ? { began: 'clock-step' } : {})
  })
  return segments.sort((a, b) => a.start - b.start)
}

describe('recordedTime', () => {
  it('a camera that sends fewer frames than it promised leaves no hole', () => {
    const { recorded, skipped } = recordedTime(recording(10, 180_000, 120_000, 0, 0))
    expect(skipped).toEqual([])
    const end = 1_000_000 + 10 * 180_000
    expect(recorded).toEqual([{ start: 1_000_000, end }])
  })

  it('nor claims one with a quick clock more than there was', () => {
    const { recorded } = recordedTime(recording(10, 180_000, 270_000, 0, 0))
    expect(recorded.at(-1)!.end).toBe(1_000_000 + 10 * 180_000)
    // What every camera shows of jitter and rounding is left alone.
    const steady = recording(10, 180_000, 179_500, 0, 0)
    expect(recordedTime(steady).recorded.at(-1)!.end).toBe(steady.at(-1)!.end)
  })

  it('what does not follow is a hole: another session, a number left out', () => {
    const segments = [part(0, 0, 100), part(2, 200, 100), part(0, 400, 100, { session: 't' })]
    expect(recordedTime(segments).recorded).toEqual([
      { start: 0, end: 100 },
      { start: 200, end: 300 },
      { start: 400, end: 500 },
    ])
  })

  it('a clock that is set loses and doubles nothing', () => {
    const hour = 3_600_000
    fc.assert(
      fc.property(
        fc.constantFrom(-hour, hour, -400_000, 90_000, -2_000, 0),
        fc.integer({ min: 1, max: 39 }),
        fc.integer({ min: 50_000, max: 180_000 }),
        (step, at, media) => {
          const segments = recording(40, 180_000, media, step, at)
          const from = Math.min(...segments.map(({ start }) => start))
          const to = Math.max(...segments.map(({ start }) => start))
          const pieces = cameraAccount(
            {
              ...recordedTime(segments),
              notes: [],
              removed: [],
              wishes: [],
              record: true,
              configured: [{ start: 0, end: Number.POSITIVE_INFINITY }],
            },
            { start: from, end: to },
            to + hour,
          )
          // Each second of the wall clock that there was is recorded, once; what the clock jumped over is not missing.
          const { percent, recorded, missing } = summarize(pieces)
          expect(percent).toBe(100)
          const jumped = missing['clock-set'] ?? 0
          expect(recorded + jumped).toBe(to - from)
          // Nobody can tell a camera's pace before its first whole segment, nor by less than 1 %.
          const unknown = at === 1 ? 180_000 - media : 1_800
          expect(Math.abs(jumped - Math.max(0, step))).toBeLessThanOrEqual(unknown + 1e-6)
        },
      ),
    )
  })
})
