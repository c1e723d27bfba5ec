import { describe, expect, it } from 'vitest'
import { connectionPeak } from '../../../src/bench/live/connection-peak.ts'
import { FrameCount } from '../../../src/bench/live/frame-count.ts'
import { coldRatios, loadRatio } from '../../../src/bench/live/summary.ts'

describe('the frames of a viewer', () => {
  const mark = (number: number, run = '0000000a', camera = 'cam-001') =>
    ({ camera, stream: 'sub', run, number, wall: 0 }) as const

  it('are counted, and those between them that did not come', () => {
    const count = new FrameCount()
    for (const number of [70, 71, 74, 75]) count.note(mark(number))
    expect(count).toMatchObject({ frames: 4, missing: 2, strange: 0 })
  })

  it('are strange when they come again, go back, are of another camera or start, or have no mark', () => {
    const count = new FrameCount()
    count.note(mark(5))
    for (const each of [mark(5), mark(4), mark(6, '0000000b'), mark(6, '0000000a', 'cam-002'), undefined])
      count.note(each)
    expect(count).toMatchObject({ frames: 6, missing: 0, strange: 5 })
    count.note(mark(6))
    expect(count).toMatchObject({ frames: 7, missing: 0, strange: 5 })
  })
})

describe('connections at once', () => {
  it('are the most at one moment; who comes as another goes is not beside it', () => {
    expect(connectionPeak([], 0)).toBe(0)
    const one = { started: 10, ended: 20 }
    expect(connectionPeak([one, { started: 20, ended: null }], 0)).toBe(1)
    expect(connectionPeak([one, { started: 19, ended: null }], 0)).toBe(2)
    expect(connectionPeak([{ started: 5, ended: null }, one, { started: 12, ended: 13 }], 0)).toBe(3)
  })

  it('count from a moment on', () => {
    const connections = [
      { started: 0, ended: 10 },
      { started: 5, ended: 30 },
      { started: 25, ended: null },
    ]
    expect(connectionPeak(connections, 0)).toBe(2)
    expect(connectionPeak(connections, 30)).toBe(1)
    expect(connectionPeak(connections.slice(0, 2), 11)).toBe(1)
  })
})

describe('ours against the other side', () => {
  const starts = (engine: string, p50: number, mean: number) => ({ engine, starts: 1, p50, mean, p95: 0 })
  const load = (engine: string, cpu: number) => ({ engine, usage: { cpu } as never })

  it('is a ratio of medians and of means', () => {
    const both = [starts('vmsctl', 105, 110), starts('mediamtx', 100, 100)]
    expect(coldRatios(both)).toEqual({ coldMedian: 1.05, coldMean: 1.1 })
    const rounds = [load('vmsctl', 10), load('mediamtx', 40), load('mediamtx', 60), load('vmsctl', 20)]
    expect(loadRatio(rounds)).toBe(0.3)
    expect(loadRatio([load('vmsctl', 9), ...rounds])).toBe(0.2)
  })

  it('is nothing where one side was not measured', () => {
    expect(coldRatios([])).toBeUndefined()
    expect(loadRatio([])).toBeUndefined()
    expect(loadRatio([load('vmsctl', 1)])).toBeUndefined()
  })
})
