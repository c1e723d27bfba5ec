import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cutter, OVERLONG } from '../../../src/media/recorder/cutter.ts'
import type { SegmentReason } from '../../../src/wire/mp4/index.ts'

const CLOCK = 90_000

interface Step {
  readonly ticks: number
  readonly key: boolean
  readonly event: 'none' | 'interrupt' | 'request' | 'session'
}

const step = fc.record<Step>({
  ticks: fc.integer({ min: 0, max: CLOCK / 2 }),
  key: fc.boolean(),
  event: fc.oneof(
    { weight: 30, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('interrupt' as const, 'request' as const, 'session' as const) },
  ),
})

interface Segment {
  readonly reason: SegmentReason
  readonly session: number
  readonly frames: { number: number; dts: number; key: boolean }[]
}

function cutAll(steps: readonly Step[], segment: number, stagger: number) {
  const cutter = new Cutter({ segment, stagger })
  const segments: Segment[] = []
  const skipped: number[] = []
  let session = 0
  let dts = 0
  cutter.session(CLOCK, 'first')
  for (const [number, { ticks, key, event }] of steps.entries()) {
    dts += ticks
    if (event === 'interrupt') cutter.interrupt('frames-dropped')
    if (event === 'request') cutter.request('clock-step')
    if (event === 'session') {
      session++
      dts = 0
      cutter.session(CLOCK, 'reconnect')
    }
    const cut = cutter.next(dts, key)
    if (cut === 'skip') skipped.push(number)
    else {
      if (cut === 'begin') segments.push({ reason: cutter.reason, session, frames: [] })
      segments.at(-1)!.frames.push({ number, dts, key })
    }
  }
  return { segments, skipped, cutter }
}

describe('Cutter', () => {
  it('loses and doubles no frame, begins with key frames, keeps lengths within bounds', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 400 }),
        fc.integer({ min: 1_000, max: 20_000 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (steps, length, stagger) => {
          const { segments, skipped, cutter } = cutAll(steps, length, stagger)
          const taken = segments.flatMap(segment => segment.frames.map(frame => frame.number))
          expect([...taken, ...skipped].sort((a, b) => a - b)).toEqual(steps.map((_, index) => index))
          expect(taken).toEqual([...taken].sort((a, b) => a - b))
          expect(cutter.skipped).toBe(skipped.length)
          const target = (length * CLOCK) / 1_000
          const withoutKey = segments.filter(({ frames }) => !frames[0]!.key)
          expect(withoutKey.length).toBe(cutter.overlong)
          for (const [index, { frames, session }] of segments.entries()) {
            const start = frames[0]!.dts
            const last = frames.at(-1)!.dts
            // No key frame once the segment had its length, and never as much as the limit.
            const opens = segments[index - 1]?.session !== session
            for (const { dts, key } of frames.slice(1)) {
              if (key) expect(dts - start).toBeLessThan(opens ? target * stagger : target)
            }
            expect(last - start).toBeLessThan(OVERLONG * target)
          }
        },
      ),
    )
  })

  it('leaves nothing between neighbours that were cut for their length', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), steps => {
        const quiet = steps.map(each => ({ ...each, event: 'none' as const }))
        const { segments } = cutAll(quiet, 1_000, 0.5)
        for (const [index, segment] of segments.entries()) {
          const before = segments[index - 1]
          if (!before) continue
          expect(segment.reason).toBe('duration')
          expect(segment.frames[0]!.number).toBe(before.frames.at(-1)!.number + 1)
        }
      }),
    )
  })

  it('cuts at the first key frame of the segment length, the first segment of each session shortened', () => {
    const cutter = new Cutter({ segment: 10_000, stagger: 0.25 })
    const begins: [number, SegmentReason][] = []
    const feed = (from: number, seconds: number) => {
      for (let frame = 0; frame < seconds * 25; frame++) {
        if (cutter.next(frame * 3_600, frame % 50 === 0) === 'begin') begins.push([from + frame / 25, cutter.reason])
      }
    }
    cutter.session(CLOCK, 'first')
    feed(0, 30)
    cutter.session(CLOCK, 'reconnect')
    feed(100, 10)
    expect(begins).toEqual([
      [0, 'first'],
      [4, 'duration'],
      [14, 'duration'],
      [24, 'duration'],
      [100, 'reconnect'],
      [104, 'duration'],
    ])
  })

  it('keeps the reason that came first while it waits for a key frame', () => {
    const cutter = new Cutter({ segment: 10_000, stagger: 1 })
    cutter.session(CLOCK, 'reconnect')
    cutter.interrupt('frames-dropped')
    cutter.request('clock-step')
    expect(cutter.next(0, false)).toBe('skip')
    expect(cutter.next(3_600, true)).toBe('begin')
    expect(cutter.reason).toBe('reconnect')
    cutter.request('clock-step')
    expect(cutter.next(7_200, false)).toBe('append')
    expect(cutter.next(10_800, true)).toBe('begin')
    expect(cutter.reason).toBe('clock-step')
  })

  it('goes on without key frames up to its limit, then cuts all the same', () => {
    const cutter = new Cutter({ segment: 1_000, stagger: 1 })
    cutter.session(CLOCK, 'first')
    const begins: number[] = []
    for (let frame = 0; frame < 25 * 10; frame++) {
      if (cutter.next(frame * 3_600, frame === 0) === 'begin') begins.push(frame / 25)
    }
    expect(begins).toEqual([0, 4, 8])
    expect(cutter.overlong).toBe(2)
  })
})
