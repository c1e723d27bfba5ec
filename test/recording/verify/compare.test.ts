import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CoveragePiece } from '../../../src/recording/types.ts'
import { between, type Neighbour, unexplained } from '../../../src/recording/verify/compare.ts'
import type { SegmentMark } from '../../../src/wire/mp4/index.ts'

function neighbour(path: string, change: Partial<SegmentMark>, seconds = 180): Neighbour {
  const mark: SegmentMark = {
    version: 1,
    site: 'warehouse',
    camera: 'gate-1',
    stream: 'main',
    session: 's1',
    number: 0,
    wallStart: 1_000_000,
    mediaTime: 0,
    timescale: 90_000,
    reason: 'duration',
    clockOffset: null,
    ...change,
  }
  return { path, mark, duration: seconds * 90_000 }
}

const FIRST = neighbour('a', {})
const END = 1_180_000

describe('two neighbours', () => {
  it.each([
    ['the next of the session', { number: 1, mediaTime: 16_200_000, wallStart: END }, undefined, []],
    // The wall clock was set: media time tells that nothing is missing.
    ['the next, by another clock', { number: 1, mediaTime: 16_200_000, wallStart: END + 3_600_000 }, undefined, []],
    ['the next, by a clock set back', { number: 1, mediaTime: 16_200_000, wallStart: 1_000_500 }, undefined, []],
    ['one that lost frames before it', { number: 1, mediaTime: 16_600_000, wallStart: END + 4_000 }, [4_000, true], []],
    ['the next but one', { number: 2, mediaTime: 32_400_000, wallStart: END + 180_000 }, [180_000, true], []],
    ['a new connection at once', { session: 's2', wallStart: END + 1_400 }, undefined, []],
    ['a new connection a little early', { session: 's2', wallStart: END - 900 }, undefined, []],
    ['a new connection later', { session: 's2', wallStart: END + 9_000 }, [9_000, false], []],
    ['another recording of the same time', { session: 's2', wallStart: END - 60_000 }, undefined, ['overlap']],
    [
      'a session after the clock was set back',
      { session: 's2', wallStart: END - 60_000, reason: 'clock-step' },
      undefined,
      [],
    ],
    ['itself', {}, undefined, ['duplicate']],
  ] as const)('%s', (_, change, hole, kinds) => {
    const seen = between(FIRST, neighbour('b', change))
    expect(seen.findings.map(({ kind }) => kind)).toEqual(kinds)
    expect(seen.hole).toEqual(hole && { start: END, end: END + hole[0], sameSession: hole[1] })
  })
})

const STATES = ['expired', 'stopped', 'stalled', 'node-down', 'other', 'recorded'] as const

describe('what the account explains of a hole', () => {
  const piece = (start: number, end: number, state: CoveragePiece['state'], detail: string | null = null) => ({
    start,
    end,
    state,
    detail,
  })

  it('is never what it takes for recorded', () => {
    expect(unexplained({ start: 0, end: 60_000, sameSession: false }, [piece(0, 60_000, 'recorded')])).toBe(60_000)
  })

  it('is that nothing ran, but not within one session', () => {
    const pieces = [piece(-5, 70_000, 'node-down')]
    expect(unexplained({ start: 0, end: 60_000, sameSession: false }, pieces)).toBe(0)
    expect(unexplained({ start: 0, end: 60_000, sameSession: true }, pieces)).toBe(60_000)
  })

  it('is exactly the time of the pieces that explain', () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(...STATES)), {
      minLength: 1,
    })
    fc.assert(
      fc.property(lengths, fc.boolean(), fc.nat(30_000), fc.nat(30_000), (parts, sameSession, early, late) => {
        let at = 0
        const pieces = parts.map(([length, state]) => {
          at += length
          return piece(at - length, at, state)
        })
        const hole = { start: early, end: Math.max(early, at - late), sameSession }
        let left = 0
        for (let ms = hole.start; ms < hole.end; ms++) {
          const { state } = pieces.find(({ start, end }) => start <= ms && ms < end)!
          const explains = state !== 'recorded' && !(sameSession && (state === 'node-down' || state === 'other'))
          if (!explains) left++
        }
        expect(unexplained(hole, pieces)).toBe(left > 1_500 ? left : 0)
      }),
      { numRuns: 50 },
    )
  })
})
