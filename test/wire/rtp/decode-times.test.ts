import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecodeTimes } from '../../../src/wire/rtp/index.ts'

const FRAME = 3_600

/** Presentation times, in decoding order, of groups of frames with `b` B-frames between references; `jitter` moves them. */
function bFrames(groups: number, b: number, jitter: readonly number[] = []): number[] {
  const order = [0]
  for (let group = 0; group < groups; group++) {
    const base = group * (b + 1)
    order.push(base + b + 1)
    for (let i = 1; i <= b; i++) order.push(base + i)
  }
  return order.map(position => position * FRAME + (jitter[position % Math.max(1, jitter.length)] ?? 0))
}

/** Most frames that come before one in decoding order and after it in presentation. */
function reorderOf(pts: readonly number[]): number {
  return Math.max(0, ...pts.map((time, index) => pts.slice(0, index).filter(earlier => earlier > time).length))
}

const run = (pts: readonly number[], depth: number | undefined) => {
  const times = new DecodeTimes(depth, FRAME)
  return { times, dts: pts.map(time => times.push(time)) }
}

const increases = (dts: readonly number[]) => dts.every((time, index) => index === 0 || time > dts[index - 1]!)

describe('DecodeTimes', () => {
  it('are the presentation times where nothing is reordered', () => {
    const pts = [0, 3_600, 7_201, 10_800, 90_000]
    expect(run(pts, 0).dts).toEqual(pts)
    expect(run(pts, undefined).dts).toEqual(pts)
  })

  it('with a known depth never lie behind the presentation, and are the sorted presentation times moved by it', () => {
    const jitter = fc.array(fc.nat(1_500), { maxLength: 12 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 7 }), jitter, (groups, b, moves) => {
        const pts = bFrames(groups, b, moves)
        const depth = reorderOf(pts)
        const { dts } = run(pts, depth)
        expect(increases(dts)).toBe(true)
        expect(dts.filter((time, index) => time > pts[index]!)).toEqual([])
        const sorted = [...pts].sort((a, b) => a - b)
        expect(dts.slice(depth)).toEqual(sorted.slice(0, sorted.length - depth))
        expect(dts[0]).toBe(pts[0]! - depth * FRAME)
      }),
    )
  })

  it('learn the depth, and are right from the next group of pictures on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 1, max: 7 }), (groups, b) => {
        const pts = bFrames(groups, b)
        const { dts, times } = run(pts, undefined)
        expect(times.depth).toBe(reorderOf(pts))
        expect(increases(dts)).toBe(true)
        const settled = dts.map((time, index) => time <= pts[index]!)
        expect(settled.slice(2 * (b + 1) + times.depth).every(Boolean)).toBe(true)
        // As much time goes by in decoding as in presentation.
        expect(Math.abs(dts.at(-1)! - dts[0]! - (Math.max(...pts) - pts[0]!))).toBeLessThanOrEqual(
          (times.depth + 1) * FRAME,
        )
      }),
    )
  })

  it('increase for any presentation times and any depth', () => {
    const times = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 80 })
    fc.assert(
      fc.property(times, fc.option(fc.integer({ min: -3, max: 40 }), { nil: undefined }), (pts, depth) => {
        const { dts, times: learnt } = run(pts, depth)
        expect(increases(dts)).toBe(true)
        expect(learnt.depth).toBeLessThanOrEqual(16)
      }),
    )
  })

  it('say when the time went back further than reordering can explain', () => {
    const times = new DecodeTimes(undefined, FRAME)
    for (let i = 0; i < 30; i++) times.push(i * FRAME)
    expect(times.wentBack).toBe(false)
    times.push(-90_000)
    expect(times.wentBack).toBe(true)
    expect(times.depth).toBe(0)
    times.push(30 * FRAME)
    expect(times.wentBack).toBe(false)
  })
})
