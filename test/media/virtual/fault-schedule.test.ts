import { describe, expect, it } from 'vitest'
import { parseFault } from '../../../src/media/virtual/fault.ts'
import { FaultSchedule, NO_FAULTS } from '../../../src/media/virtual/fault-schedule.ts'

function scheduleOf(...texts: string[]): FaultSchedule {
  const schedule = new FaultSchedule()
  for (const text of texts) schedule.add(parseFault(text), 0)
  return schedule
}

/** What `advance` says, in short: `+reboot` begins, `-reboot` ends. */
function changes(schedule: FaultSchedule, now: number): string[] {
  return schedule.advance(now).map(({ planned, begins }) => (begins ? '+' : '-') + planned.fault.kind)
}

describe('fault schedule', () => {
  it('begins and ends faults at their time, for their cameras', () => {
    const schedule = scheduleOf('cam-002:reboot@10s/5s')
    expect(schedule.next).toBe(10_000)
    expect(changes(schedule, 9_999)).toEqual([])
    expect(changes(schedule, 10_000)).toEqual(['+reboot'])
    expect(schedule.of('cam-002', 'main').refusing).toBe(true)
    expect(schedule.of('cam-001', 'main')).toEqual(NO_FAULTS)
    expect(schedule.next).toBe(15_000)
    expect(changes(schedule, 15_000)).toEqual(['-reboot'])
    expect(schedule.of('cam-002', 'main')).toEqual(NO_FAULTS)
    expect(schedule.next).toBeUndefined()
  })

  it('begins at once what has no time', () => {
    const schedule = new FaultSchedule()
    schedule.add(parseFault('a:freeze@/2s'), 7_000)
    expect(changes(schedule, 7_000)).toEqual(['+freeze'])
    expect(schedule.next).toBe(9_000)
  })

  it('lets nothing out when time passes in one leap', () => {
    const schedule = scheduleOf('a:drop@1s,every=2s', 'b:freeze@2s/500ms')
    expect(changes(schedule, 6_000)).toEqual([
      '+drop',
      '-drop',
      '+freeze',
      '-freeze',
      '+drop',
      '-drop',
      '+drop',
      '-drop',
    ])
    expect(schedule.next).toBe(7_000)
  })

  it('repeats what comes back', () => {
    const schedule = scheduleOf('a:freeze@1s/1s,every=10s')
    const seen: string[] = []
    for (let now = 0; now <= 32_000; now += 500)
      for (const change of changes(schedule, now)) seen.push(`${now}${change}`)
    expect(seen).toEqual([1_000, 11_000, 21_000, 31_000].flatMap(at => [`${at}+freeze`, `${at + 1_000}-freeze`]))
  })

  it('puts together what runs at once', () => {
    const schedule = scheduleOf(
      '*:lose=50%@0s',
      'a:lose=50%@0s',
      'a:clock=1h@0s',
      'a/sub:jitter=80ms@0s',
      'a:answer=401@0s',
    )
    schedule.advance(0)
    expect(schedule.of('a', 'main')).toMatchObject({ loss: 0.75, clockOffset: 3_600_000, jitter: 0, answer: 401 })
    expect(schedule.of('a', 'sub')).toMatchObject({ jitter: 80 })
    expect(schedule.of('b', 'main')).toMatchObject({ loss: 0.5, clockOffset: 0, answer: undefined })
  })

  it('clears what runs and what is planned', () => {
    const schedule = scheduleOf('cam-001:freeze@0s', 'cam-001:drop@9s', 'cam-002:freeze@0s')
    schedule.advance(0)
    expect(schedule.clear('cam-001').map(({ begins }) => begins)).toEqual([false])
    expect(schedule.of('cam-001', 'main').frozen).toBe(false)
    expect(schedule.of('cam-002', 'main').frozen).toBe(true)
    expect(schedule.next).toBeUndefined()
    expect(schedule.clear('*')).toHaveLength(1)
  })
})
