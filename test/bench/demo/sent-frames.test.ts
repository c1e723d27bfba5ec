import { describe, expect, it } from 'vitest'
import { gapsOf } from '../../../src/bench/demo/sent-frames.ts'
import type { DemoFault } from '../../../src/bench/demo/types.ts'
import type { Gap, SentSession, StreamVerdict } from '../../../src/media/virtual/index.ts'

/** Frame n is sent at 40 n milliseconds. */
const at = (frame: number) => frame * 40

function session(first: number, last: number, started = at(first)): SentSession {
  const frames = last - first + 1
  return { client: 'x', started, ended: at(last), frames, bytes: 0, cut: 0, unsent: 0, ranges: [{ first, last }] }
}

/** What is on disk: frames `first` to `last` without `holes`. */
function onDisk(first: number, last: number, holes: readonly (readonly [number, number])[] = []): StreamVerdict {
  const gaps = holes.map(([from, to]): Gap => ({ first: from, last: to, before: at(from - 1), after: at(to + 1) }))
  const missing = holes.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  return {
    camera: 'cam-001',
    stream: 'main',
    run: '00000000',
    files: 1,
    frames: last - first + 1 - missing,
    first,
    last,
    firstWall: at(first),
    lastWall: at(last),
    missing,
    gaps,
    doubled: 0,
    outOfOrder: 0,
    foreign: 0,
    sendings: undefined,
    ok: true,
  }
}

function fault(kind: DemoFault['kind'], from: number, to = from, cameras = ['cam-001']): DemoFault {
  return { kind, from, to, recovered: 0, cameras, pid: 1, newPid: 2 }
}

const of = (sessions: SentSession[], verdict: StreamVerdict | undefined, faults: DemoFault[] = []) =>
  gapsOf({ camera: 'cam-001', stream: 'main', run: '00000000', sessions }, verdict, faults)

describe('frames sent against frames on disk', () => {
  it('finds no gap where all that was sent is there', () => {
    expect(of([session(10, 500)], onDisk(10, 500))).toEqual({ sent: 491, gaps: [] })
  })

  it("tells a dead worker's frames from those that nobody was sent", () => {
    // Sent 0-119, of which 100-119 died in memory; asked to play again at 4.9 s, key frame 150.
    const sent = [session(0, 119), session(150, 300, at(122.5))]
    const { sent: count, gaps } = of(sent, onDisk(0, 300, [[100, 149]]), [fault('worker-killed', at(119) + 10)])
    expect(count).toBe(271)
    expect(gaps).toEqual([
      {
        camera: 'cam-001',
        fault: 'worker-killed',
        from: at(99),
        to: at(150),
        framesLost: 20,
        footageLost: 800,
        reconnect: at(122.5) - at(119) - 10,
        keyFrameWait: at(150) - at(122.5),
      },
    ])
  })

  it('finds what is missing at both ends, and what is missing altogether', () => {
    const { gaps } = of([session(10, 500)], onDisk(15, 490))
    expect(gaps.map(({ from, to, framesLost }) => [from, to, framesLost])).toEqual([
      [null, at(15), 5],
      [at(490), null, 10],
    ])
    expect(of([session(10, 500)], undefined)).toMatchObject({ sent: 491, gaps: [{ framesLost: 491, fault: null }] })
    expect(of([], undefined)).toEqual({ sent: 0, gaps: [] })
  })

  it('counts a frame once that two viewers were sent', () => {
    const { sent, gaps } = of([session(0, 100), session(90, 200)], onDisk(0, 200, [[95, 97]]))
    expect(sent).toBe(201)
    expect(gaps[0]!.framesLost).toBe(3)
  })

  it('takes a fault for the reason only where and when it struck', () => {
    const gapWith = (...faults: DemoFault[]) => of([session(0, 300)], onDisk(0, 300, [[100, 149]]), faults).gaps[0]!
    expect(gapWith(fault('worker-killed', at(120))).fault).toBe('worker-killed')
    expect(gapWith(fault('worker-killed', at(120), at(121), ['cam-002'])).fault).toBeNull()
    expect(gapWith(fault('worker-killed', at(50), at(60))).fault).toBeNull()
    expect(gapWith(fault('worker-killed', at(200))).fault).toBeNull()
    // Two at once: the daemon is not to blame where there is another.
    expect(gapWith(fault('daemon-killed', at(90), at(130)), fault('camera-rebooted', at(101))).fault).toBe(
      'camera-rebooted',
    )
    expect(gapWith(fault('daemon-killed', at(90), at(130))).fault).toBe('daemon-killed')
  })
})
