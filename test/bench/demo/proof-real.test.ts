import { describe, expect, it } from 'vitest'
import { gapBetween } from '../../../src/bench/demo/proof-real.ts'
import type { DemoFault } from '../../../src/bench/demo/types.ts'
import type { SegmentMark } from '../../../src/wire/mp4/index.ts'

const MARK: SegmentMark = {
  version: 1,
  site: 'demo',
  camera: 'camera-1',
  stream: 'main',
  session: 'a',
  number: 0,
  wallStart: 100_000,
  mediaTime: 0,
  timescale: 90_000,
  reason: 'first',
  clockOffset: null,
}

/** A segment of ten seconds. */
const piece = (mark: Partial<SegmentMark>) => ({
  mark: { ...MARK, ...mark },
  segment: { duration: 900_000, timescale: 90_000, frames: 250 },
})

const KILLED: DemoFault = {
  kind: 'worker-killed',
  from: 110_600,
  to: 110_620,
  recovered: 0,
  cameras: ['camera-1'],
  pid: 1,
  newPid: 2,
}

describe('the gap between two files of a real camera', () => {
  it('is none where the marks prove that nothing lies between', () => {
    const next = piece({ number: 1, mediaTime: 900_000, wallStart: 110_080 })
    expect(gapBetween(piece({}), next, [])).toEqual([])
  })

  it('is there where a tick or a number is missing, and has no reason of its own', () => {
    for (const mark of [
      { number: 1, mediaTime: 900_001 },
      { number: 2, mediaTime: 900_000 },
      { session: 'b', reason: 'reconnect' as const },
    ])
      expect(gapBetween(piece({}), piece({ wallStart: 110_040, ...mark }), [])).toMatchObject([
        { fault: null, from: 110_000, to: 110_040 },
      ])
  })

  it('is explained by the death of its worker, which took what was in memory', () => {
    const next = piece({ session: 'b', reason: 'first', wallStart: 113_000 })
    expect(gapBetween(piece({}), next, [KILLED])).toMatchObject([
      { fault: 'worker-killed', from: 110_000, to: 113_000, footageLost: 620 },
    ])
    expect(gapBetween(piece({}), next, [{ ...KILLED, cameras: ['camera-2'] }])).toMatchObject([{ fault: null }])
  })

  it('is none where the camera changed its picture', () => {
    expect(gapBetween(piece({}), piece({ session: 'b', reason: 'parameters', wallStart: 110_000 }), [])).toEqual([])
  })
})
