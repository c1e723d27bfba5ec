import fc from 'fast-check'
import type { CameraFootage, Candidate, RetentionSurvey } from '../../../src/recording/retention/types.ts'
import { isHeld } from '../../../src/recording/segment-index/hold-table.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** A camera of a survey, from its segments in any order. */
export function footage(camera: string, segments: readonly Candidate[], over: Partial<CameraFootage<Candidate>> = {}) {
  const main = segments.filter(({ stream }) => stream === 'main')
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const extent = {
    start: Math.min(...segments.map(({ start }) => start)),
    end: Math.max(...segments.map(({ end }) => end)),
  }
  return {
    camera,
    group: undefined,
    age: null,
    quota: null,
    priority: 50,
    segments: segments.length,
    bytes: sum(segments.map(({ bytes }) => bytes)),
    extent: segments.length === 0 ? undefined : extent,
    recorded: sum(main.map(({ start, end }) => end - start)),
    rate: 1_000,
    holds: [],
    streams: () => (['main', 'sub'] as const).map(role => inOrder(segments.filter(({ stream }) => stream === role))),
    ...over,
  } satisfies CameraFootage<Candidate>
}

function inOrder(segments: readonly Candidate[]) {
  const rest = segments.toSorted((a, b) => a.start - b.start)
  return {
    next: (from: number) => {
      for (;;) {
        const next = rest.shift()
        if (!next || next.start >= from) return next
      }
    },
  }
}

/** Segments of a camera, one behind the other. */
export function run(camera: string, start: number, count: number, length: number, bytes: number): Candidate[] {
  return Array.from({ length: count }, (_, n) => ({
    camera,
    stream: 'main' as const,
    start: start + n * length,
    end: start + (n + 1) * length,
    bytes,
  }))
}

export function survey(
  cameras: readonly CameraFootage<Candidate>[],
  over: Partial<RetentionSurvey> = {},
): RetentionSurvey {
  return {
    now: 1_000 * DAY,
    policy: 'oldest-first',
    headroom: { warn: 24 * HOUR, delete: 4 * HOUR, protect: HOUR },
    space: { free: 1e12, total: 2e12 },
    groups: [],
    cameras,
    ...over,
  }
}

/** What of a camera may go for want of room: not held, not of its last hour. */
export function mayGo({ now, headroom }: RetentionSurvey, of: CameraFootage<Candidate>, segment: Candidate): boolean {
  const last = Math.min(now, of.extent?.end ?? now) - headroom.protect
  return segment.end <= last && !isHeld(segment, of.holds)
}

const NOW = 1_000 * DAY

/** Sites of a few cameras with gaps, held footage, both streams, clocks that were set back, limits and little room. */
export const anySurvey: fc.Arbitrary<{ survey: RetentionSurvey; all: Candidate[] }> = fc
  .record({
    cameras: fc.array(
      fc.record({
        segments: fc.array(
          fc.record({
            ago: fc.integer({ min: -2, max: 240 }),
            length: fc.integer({ min: 0, max: 180 }),
            bytes: fc.integer({ min: 1, max: 1_000_000 }),
            stream: fc.constantFrom('main' as const, 'main' as const, 'sub' as const),
          }),
          { maxLength: 25 },
        ),
        holds: fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 1, max: 100 })), {
          maxLength: 2,
        }),
        age: fc.option(fc.integer({ min: 1, max: 200 })),
        quota: fc.option(fc.integer({ min: 0, max: 8_000_000 })),
        priority: fc.integer({ min: 1, max: 3 }),
        group: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
        rate: fc.option(fc.integer({ min: 0, max: 300 })),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    policy: fc.constantFrom('oldest-first' as const, 'by-priority' as const, 'fair-by-days' as const),
    free: fc.integer({ min: 0, max: 5_000_000 }),
    quotaOfA: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  })
  .map(({ cameras, policy, free, quotaOfA }) => {
    const all: Candidate[] = []
    const footages = cameras.map(({ segments, holds, ...limits }, n) => {
      const camera = `c${n}`
      const own = segments.map(({ ago, length, ...rest }) => {
        const start = NOW - ago * HOUR
        return { camera, start, end: start + length * 60_000, ...rest }
      })
      all.push(...own)
      return footage(camera, own, {
        ...limits,
        age: limits.age && limits.age * HOUR,
        holds: holds.map(([ago, length]) => ({ start: NOW - ago * HOUR, end: NOW - (ago - length) * HOUR })),
      })
    })
    const groups = quotaOfA === null ? [] : [{ group: 'a', quota: quotaOfA }]
    return { all, survey: survey(footages, { now: NOW, policy, groups, space: { free, total: 100_000_000 } }) }
  })
