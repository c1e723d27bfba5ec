import { describe, expect, it } from 'vitest'
import { judgeDemo } from '../../../src/bench/demo/judge.ts'
import type { DemoGap, DemoProof } from '../../../src/bench/demo/types.ts'

const GAP: DemoGap = {
  camera: 'cam-001',
  fault: 'worker-killed',
  from: 1_000,
  to: 3_500,
  framesLost: 19,
  footageLost: 760,
  reconnect: 900,
  keyFrameWait: 800,
}

function proof(gaps: Partial<DemoGap>[], real = false): DemoProof {
  const whole = gaps.map(gap => ({ ...GAP, ...gap }))
  const missing = whole.reduce((sum, gap) => sum + (gap.framesLost ?? 0), 0)
  const camera = { id: 'cam-001', onDisk: 500 - missing, gaps: whole, files: [] }
  return { cameras: [{ ...camera, sent: real ? null : 500, missing: real ? null : missing }], faults: [] }
}

const judge = (gaps: Partial<DemoGap>[], real = false) => judgeDemo(proof(gaps, real), true, 0)

describe('the verdict of the demo', () => {
  it('is good when a killed worker cost what it may, and says how much that was', () => {
    expect(judge([{}])).toEqual({
      ok: true,
      answer:
        'Every frame that reached this machine is on disk, except 19 of 500: at most 760 ms of a camera, in memory of the media worker that was killed.',
      broken: [],
    })
    expect(judge([]).answer).toBe('Every one of the 500 frames that reached this machine is on disk.')
    expect(judge([{ framesLost: null }], true).answer).toBe(
      'All footage that reached this machine is on disk (500 frames), except at most 760 ms in memory of the media worker that was killed.',
    )
  })

  it.each<[string, Partial<DemoGap>, string]>([
    ['a killed worker cost more than a second', { footageLost: 1_400 }, 'cost 1.4 s of footage'],
    ['a killed worker came back late', { reconnect: 3_200 }, 'took 3.2 s until'],
    [
      'the death of the daemon cost a frame',
      { fault: 'daemon-killed', framesLost: 1 },
      '1 frames missing while no daemon',
    ],
    [
      'frames from before a reboot are gone',
      { fault: 'camera-rebooted', framesLost: 2 },
      '2 frames from before its reboot',
    ],
    ['frames are gone for no reason', { fault: null, framesLost: 3 }, '3 frames missing at 00:00:01.000, and no fault'],
    ['nothing was lost but a gap has no reason', { fault: null, framesLost: 0 }, '0 frames missing at'],
    ['the last frames are not there', { fault: null, to: null, framesLost: 4 }, '4 frames missing at the end'],
  ])('is bad when %s', (_, gap, words) => {
    const { ok, answer, broken } = judge([gap])
    expect(ok).toBe(false)
    expect(broken).toEqual([expect.stringContaining(words)])
    expect(answer).toContain(`A promise was not held: ${broken[0]}`)
  })

  it('is bad when a worker was not adopted, a process stays, or a file is strange', () => {
    expect(judgeDemo(proof([]), false, 0).broken).toEqual(['the new daemon did not adopt the running media workers'])
    expect(judgeDemo(proof([]), true, 2).broken).toEqual(['2 processes did not end'])
    expect(judgeDemo({ ...proof([]), faults: ['damaged file: x'] }, true, 0)).toMatchObject({ ok: false })
  })

  it('lets a reboot of the camera be', () => {
    expect(judge([{ fault: 'camera-rebooted', framesLost: 0, footageLost: 0 }]).ok).toBe(true)
  })
})
