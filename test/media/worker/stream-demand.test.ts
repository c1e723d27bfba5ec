import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamDemand } from '../../../src/media/worker/stream-demand.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const LINGER = 30_000

function setUp() {
  const clock = new FakeClock()
  const seen: string[] = []
  const demand = new StreamDemand({
    clock,
    linger: () => LINGER,
    start: () => seen.push(`up ${clock.monotonic()}`),
    stop: () => seen.push(`down ${clock.monotonic()}`),
  })
  return { clock, demand, seen }
}

describe('a stream', () => {
  it('is up while somebody reads it, and for the linger', () => {
    const { clock, demand, seen } = setUp()
    demand.readers(1)
    clock.advance(60_000)
    demand.readers(0)
    clock.advance(LINGER - 1)
    demand.readers(1)
    clock.advance(LINGER)
    demand.readers(0)
    clock.advance(2 * LINGER)
    expect(seen).toEqual(['up 0', `down ${60_000 + 3 * LINGER - 1}`])
  })

  it('ends at once with its hold, for the daemon has lingered already', () => {
    const { clock, demand, seen } = setUp()
    demand.hold()
    demand.readers(1)
    demand.readers(0)
    clock.advance(100_000)
    demand.letGo('released')
    expect(seen).toEqual(['up 0', 'down 100000'])
    expect(clock.delays).toEqual([])
  })

  it('goes on while somebody reads it when its hold ends, and lingers after that', () => {
    const { clock, demand, seen } = setUp()
    demand.hold()
    demand.readers(2)
    demand.letGo('released')
    clock.advance(1_000)
    demand.readers(0)
    clock.advance(2 * LINGER)
    expect(seen).toEqual(['up 0', `down ${1_000 + LINGER}`])
  })

  it('lingers when its hold is lost with the daemon', () => {
    const { clock, demand, seen } = setUp()
    demand.hold()
    clock.advance(5_000)
    demand.letGo('lost')
    clock.advance(2 * LINGER)
    expect(seen).toEqual(['up 0', `down ${5_000 + LINGER}`])
  })

  it('is not interrupted when the next daemon holds it within the linger', () => {
    const { clock, demand, seen } = setUp()
    demand.hold()
    demand.letGo('lost')
    clock.advance(LINGER - 1)
    // What the next daemon does not name was not its to end.
    demand.letGo('released')
    demand.hold()
    clock.advance(10 * LINGER)
    expect(seen).toEqual(['up 0'])
    demand.letGo('released')
    expect(seen).toHaveLength(2)
  })

  it('does not come back once it is closed', () => {
    const { clock, demand, seen } = setUp()
    demand.readers(1)
    demand.close()
    demand.hold()
    demand.readers(0)
    demand.readers(1)
    demand.letGo('lost')
    clock.advance(2 * LINGER)
    expect(seen).toEqual(['up 0', 'down 0'])
    expect(clock.delays).toEqual([])
  })
})

type Event =
  | { readonly kind: 'readers'; readonly count: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'let-go'; readonly end: 'released' | 'lost' }
  | { readonly kind: 'wait'; readonly time: number }

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('readers' as const), count: fc.nat(3) }),
  fc.record({ kind: fc.constant('hold' as const) }),
  fc.record({ kind: fc.constant('let-go' as const), end: fc.constantFrom('released' as const, 'lost' as const) }),
  fc.record({ kind: fc.constant('wait' as const), time: fc.integer({ min: 1, max: 40_000 }) }),
)

it('is never down while it is needed, nor up for longer than the linger afterwards, whatever happens in what order', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      const { clock, demand, seen } = setUp()
      let readers = 0
      let held = false
      let unneededSince: number | undefined = 0
      for (const step of [...events, { kind: 'wait', time: 40_000 } as const]) {
        if (step.kind === 'readers') {
          readers = step.count
          demand.readers(readers)
        } else if (step.kind === 'hold') {
          held = true
          demand.hold()
        } else if (step.kind === 'let-go') {
          const lastHold = held && readers === 0
          held = false
          demand.letGo(step.end)
          if (lastHold && step.end === 'released') expect(seen.at(-1)).toMatch(/^down/)
        } else clock.advance(step.time)
        const needed = readers > 0 || held
        unneededSince = needed ? undefined : (unneededSince ?? clock.monotonic())
        const up = seen.at(-1)?.startsWith('up') ?? false
        if (needed) expect(up).toBe(true)
        if (unneededSince !== undefined && clock.monotonic() - unneededSince >= LINGER) expect(up).toBe(false)
      }
      expect(seen.map(each => each.split(' ')[0])).toEqual(seen.map((_, index) => (index % 2 === 0 ? 'up' : 'down')))
    }),
  )
})
