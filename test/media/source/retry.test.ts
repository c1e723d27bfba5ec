import { describe, expect, it } from 'vitest'
import { RetrySchedule } from '../../../src/media/source/retry.ts'
import { stallLimit } from '../../../src/media/source/stall.ts'

const atBound = () => 0.999999

describe('retry schedule', () => {
  it('is 1 s three times, and doubles to 60 s while nothing plays', () => {
    const retry = new RetrySchedule(atBound)
    expect(Array.from({ length: 10 }, () => retry.next(0))).toEqual([
      1_000, 1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ])
  })

  it('finds a camera that restarts within two seconds of its return, whatever the jitter', () => {
    for (const draw of [0, 0.5, 0.999]) {
      const retry = new RetrySchedule(() => draw)
      const tries = [0]
      while (tries.at(-1)! < 4_000) tries.push(tries.at(-1)! + retry.next(0))
      for (const back of [500, 1_000, 2_000]) expect(tries.find(at => at >= back)! - back).toBeLessThan(2_000)
    }
  })

  it('is at once after a stream that ran', () => {
    const retry = new RetrySchedule(atBound)
    expect(retry.next(60_000)).toBe(0)
    expect(retry.next(0)).toBe(1_000)
  })

  it('counts a camera that plays for a moment as failing', () => {
    const retry = new RetrySchedule(atBound)
    expect([retry.next(900), retry.next(900), retry.next(900)]).toEqual([1_000, 1_000, 1_000])
  })

  it('forgets failures after five minutes of video, not before', () => {
    const retry = new RetrySchedule(atBound)
    for (let i = 0; i < 4; i++) retry.next(0)
    expect(retry.next(4 * 60_000)).toBe(0)
    expect(retry.next(0)).toBe(4_000)
    expect(retry.next(5 * 60_000)).toBe(0)
    expect(retry.next(0)).toBe(1_000)
  })

  it('spreads over half of the time', () => {
    expect(new RetrySchedule(() => 0).next(0)).toBe(500)
  })
})

describe('stall limit', () => {
  it.each([
    [undefined, 10_000],
    [40, 3_000],
    [1000 / 60, 3_000],
    [100, 7_500],
    [1_000, 10_000],
  ])('interval %s ms: %s ms', (interval, limit) => {
    expect(stallLimit(interval)).toBe(limit)
  })
})
