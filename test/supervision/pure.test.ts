import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { statePaths } from '../../src/config/state-paths.ts'
import { parseProcessStat } from '../../src/process/process-identity.ts'
import { assignCameras, workerCount } from '../../src/supervision/assign-cameras.ts'
import { slotOfCommandLine } from '../../src/supervision/find-workers.ts'
import { NO_EXITS, recordExit, restartTime } from '../../src/supervision/flapping.ts'
import { workerEnvironment } from '../../src/supervision/launcher.ts'
import { planSlot, type SlotFacts } from '../../src/supervision/slot-plan.ts'
import { watchdogPeriod } from '../../src/supervision/systemd-notify.ts'
import { parseWorkerRecord } from '../../src/supervision/worker-record.ts'

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 60 })
const slots = fc.integer({ min: 1, max: 8 })

function loads(assigned: ReadonlyMap<string, number>, count: number): number[] {
  const load = new Array<number>(count).fill(0)
  for (const slot of assigned.values()) load[slot]!++
  return load
}

describe('assignCameras', () => {
  it('gives every camera one slot, balanced within one from nothing', () => {
    fc.assert(
      fc.property(ids, slots, (cameras, count) => {
        const assigned = assignCameras(new Map(), cameras, count)
        expect([...assigned.keys()].sort()).toEqual([...cameras].sort())
        const load = loads(assigned, count)
        expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('never moves a camera whose slot is still there', () => {
    fc.assert(
      fc.property(ids, ids, slots, fc.nat(4), (before, after, count, more) => {
        const previous = assignCameras(new Map(), before, count)
        const next = assignCameras(previous, after, count + more)
        for (const camera of after) if (previous.has(camera)) expect(next.get(camera)).toBe(previous.get(camera))
        for (const camera of next.keys()) expect(after).toContain(camera)
      }),
    )
  })

  it('puts new cameras where there is most room', () => {
    const previous = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 0],
      ['d', 1],
    ])
    const next = assignCameras(previous, ['a', 'b', 'c', 'd', 'e', 'f'], 2)
    expect(loads(next, 2)).toEqual([3, 3])
  })

  it('counts workers by cores and cameras, and never goes down while they run', () => {
    expect(workerCount('auto', 8, 2)).toBe(1)
    expect(workerCount('auto', 250, 2)).toBe(1)
    expect(workerCount('auto', 251, 2)).toBe(2)
    expect(workerCount('auto', 1000, 2)).toBe(2)
    expect(workerCount('auto', 0, 2)).toBe(1)
    expect(workerCount(3, 5, 2)).toBe(3)
    expect(workerCount(1, 5, 2, 3)).toBe(3)
  })
})

describe('planSlot', () => {
  const facts: SlotFacts = {
    running: true,
    link: 'up',
    linkDownSince: 0,
    applied: 1,
    live: 0,
    missed: 0,
    exits: NO_EXITS,
  }
  const run = { run: true, revision: 1, live: 0 }

  it('has nothing to do when all is well', () => expect(planSlot(run, facts, 0)).toBeUndefined())
  it('starts what is missing', () => expect(planSlot(run, { ...facts, running: false }, 0)).toEqual({ type: 'launch' }))
  it('connects, then applies', () => {
    expect(planSlot(run, { ...facts, link: 'down' }, 10)).toEqual({ type: 'connect' })
    expect(planSlot({ ...run, revision: 2 }, facts, 10)).toEqual({ type: 'apply', revision: 2 })
  })
  it('tells what is held after the cameras, and again when that changes', () => {
    const wanted = { ...run, live: 2 }
    expect(planSlot(wanted, { ...facts, applied: 0 }, 10)?.type).toBe('apply')
    expect(planSlot(wanted, facts, 10)).toEqual({ type: 'live' })
    expect(planSlot(wanted, { ...facts, live: 1 }, 10)).toEqual({ type: 'live' })
    expect(planSlot(wanted, { ...facts, live: 2 }, 10)).toBeUndefined()
  })
  it('stops what is not wanted', () => {
    expect(planSlot({ ...run, run: false }, facts, 0)).toEqual({ type: 'stop' })
    expect(planSlot({ ...run, run: false }, { ...facts, running: false }, 0)).toBeUndefined()
  })
  it('ends a worker that hangs', () => {
    expect(planSlot(run, { ...facts, missed: 2 }, 0)).toBeUndefined()
    expect(planSlot(run, { ...facts, missed: 3 }, 0)?.type).toBe('kill')
    expect(planSlot(run, { ...facts, link: 'down' }, 30_000)?.type).toBe('kill')
  })
  it('lets a worker of another protocol record', () => {
    expect(planSlot({ ...run, revision: 9 }, { ...facts, link: 'foreign', applied: 0 }, 1e9)).toBeUndefined()
  })
})

describe('flapping', () => {
  const at = (...times: number[]) => times.reduce(recordExit, NO_EXITS)

  it('restarts at once until five ends fall into a minute', () => {
    expect(restartTime(NO_EXITS)).toBe(Number.NEGATIVE_INFINITY)
    expect(restartTime(at(0, 10, 20, 30))).toBe(30)
    expect(restartTime(at(0, 10, 20, 30, 40))).toBe(60_040)
    expect(restartTime(at(0, 20_000, 40_000, 60_000, 80_000))).toBe(80_000)
  })
  it('keeps to one start a minute while it ends at once, however long that lasts', () => {
    const times = [0, 10, 20, 30, 40]
    for (let i = 0; i < 50; i++) times.push(times.at(-1)! + 60_100)
    expect(at(...times).flapping).toBe(true)
  })
  it('forgives after a life of more than a minute', () => {
    expect(at(0, 10, 20, 30, 40, 40 + 60_000 + 60_001).flapping).toBe(false)
  })
})

describe('what is read from /proc and from disk', () => {
  it('finds field 22 behind any name', () => {
    const tail = 'S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20'
    expect(parseProcessStat(`77 (a) Z 1 (x) ${tail}`)).toEqual({ state: 'S', startTime: '4242' })
    expect(parseProcessStat('77 (node) R 1 2')).toBeUndefined()
  })
  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        parseProcessStat(text)
        parseWorkerRecord(text)
      }),
    )
    fc.assert(fc.property(fc.json(), text => void parseWorkerRecord(text)))
  })
  it('knows a worker by its command line', () => {
    const argv = ['node', '/x/src/media/worker/main.ts', '--slot', '3', '--state-dir', '/s', '']
    expect(slotOfCommandLine(argv, '/s')).toBe(3)
    expect(slotOfCommandLine(argv, '/other')).toBeUndefined()
    expect(slotOfCommandLine(['vim', '/x/src/media/worker/main.ts'], '/s')).toBeUndefined()
    expect(slotOfCommandLine([], '/s')).toBeUndefined()
  })
})

it('passes no secret of the environment on', () => {
  const passed = workerEnvironment({ PATH: '/bin', HIK_PASSWORD: 'x', NOTIFY_SOCKET: '/n', TZ: 'UTC' })
  expect(passed).toEqual({ PATH: '/bin', TZ: 'UTC', UV_THREADPOOL_SIZE: '16', MALLOC_MMAP_THRESHOLD_: '131072' })
})

it('refuses a state directory whose sockets would have too long a path', () => {
  expect(() => statePaths(`/${'x'.repeat(100)}`)).toThrow(/too long for Unix sockets/)
  expect(statePaths('/var/lib/vmsctl').socket).toBe('/var/lib/vmsctl/vmsctl.sock')
})

it('reads the watchdog limit meant for this process', () => {
  expect(watchdogPeriod({ WATCHDOG_USEC: '30000000' }, 5)).toBe(30_000)
  expect(watchdogPeriod({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '6' }, 5)).toBeUndefined()
  expect(watchdogPeriod({}, 5)).toBeUndefined()
  expect(watchdogPeriod({ WATCHDOG_USEC: 'x' }, 5)).toBeUndefined()
})
