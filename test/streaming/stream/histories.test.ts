import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reduce } from '../../../src/streaming/stream/reduce.ts'
import { IDLE, isHeld, type StreamEvent, type StreamState } from '../../../src/streaming/stream/state.ts'

const TIMES = { linger: 3_000, start: 1_200, stop: 500, retry: 700 }
/** The loop of the daemon, milliseconds. */
const TICK = 100
const VIEWERS = ['anna', 'ben', 'cleo']

/** What people, cameras and the media plane do; how long until it happens is part of it. */
type Happening =
  | { readonly what: 'start'; readonly by: string; readonly lease: number }
  | { readonly what: 'join'; readonly by: string }
  | { readonly what: 'stop'; readonly by: string; readonly ago: number }
  | { readonly what: 'answer'; readonly ok: boolean; readonly stale: boolean }
  | { readonly what: 'lost' | 'gone' | 'silence' }

const by = fc.constantFrom(...VIEWERS)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ what: fc.constant('start' as const), by, lease: fc.integer({ min: -50, max: 4_000 }) }),
  fc.record({ what: fc.constant('join' as const), by }),
  fc.record({ what: fc.constant('stop' as const), by, ago: fc.integer({ min: -100, max: 5_000 }) }),
  fc.record({ what: fc.constant('answer' as const), ok: fc.boolean(), stale: fc.boolean() }),
  fc.record({ what: fc.constantFrom('lost' as const, 'gone' as const, 'silence' as const) }),
)
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_500 }), happening), { maxLength: 60 })

/** Lives through a history with a tick every {@link TICK}, and hands every state to `look`. */
function live(
  events: readonly (readonly [number, Happening])[],
  look: (state: StreamState, now: number, world: World) => void,
): World {
  const world = new World(look)
  for (const [wait, event] of events) {
    world.pass(wait)
    world.meet(event)
  }
  return world
}

/** Keeps its own account of who is there and what was asked of the media plane, apart from the reducer's. */
class World {
  state = IDLE
  now = 0
  /** Until when each viewer is there. */
  readonly there = new Map<string, number>()
  /** Since when nobody is; undefined while somebody is. */
  aloneSince: number | undefined
  held = false
  readonly opened: number[] = []
  #ticked = 0
  readonly #look: (state: StreamState, now: number, world: World) => void

  constructor(look: (state: StreamState, now: number, world: World) => void) {
    this.#look = look
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds
    while (this.#ticked + TICK <= end) {
      this.#ticked += TICK
      this.now = this.#ticked
      this.#feed({ type: 'tick' })
    }
    this.now = end
  }

  meet(event: Happening): void {
    const turn = this.opened.at(-1) ?? 0
    switch (event.what) {
      case 'start':
        if (event.lease > 0) this.there.set(event.by, this.now + event.lease)
        return this.#feed({ type: 'wanted', by: event.by, until: this.now + event.lease })
      case 'join':
        this.there.set(event.by, Number.POSITIVE_INFINITY)
        return this.#feed({ type: 'wanted', by: event.by, until: Number.POSITIVE_INFINITY })
      case 'stop':
        this.there.delete(event.by)
        return this.#feed({ type: 'left', by: event.by, at: this.now - event.ago })
      case 'answer': {
        const answered = event.stale ? turn - 1 : turn
        return this.#feed(
          event.ok ? { type: 'up', turn: answered } : { type: 'failed', turn: answered, reason: 'refused' },
        )
      }
      case 'lost':
      case 'gone':
        return this.#feed({ type: event.what })
      case 'silence':
        return
    }
  }

  #feed(event: StreamEvent): void {
    for (const [name, until] of this.there) if (until <= this.now) this.there.delete(name)
    if (this.there.size > 0) this.aloneSince = undefined
    else this.aloneSince ??= this.now
    const { state, steps } = reduce(this.state, event, this.now, TIMES)
    this.state = state
    for (const step of steps) {
      if (step.type === 'open') this.opened.push(step.turn)
      else {
        // A hold and a release alternate, or one of the two was not needed.
        expect(this.held).toBe(step.type === 'release')
        this.held = step.type === 'hold'
      }
    }
    this.#look(state, this.now, this)
  }
}

describe('whatever happens to a stream', () => {
  it('nobody who wants it is without it: it runs, is being opened, or a reason is said', () => {
    fc.assert(
      fc.property(history, events => {
        live(events, ({ phase }, _, { there }) => {
          if (there.size > 0) expect(['starting', 'running', 'failed']).toContain(phase.name)
          if (phase.name === 'failed') expect(phase.reason).not.toBe('')
        })
      }),
      { numRuns: 2_000 },
    )
  })

  it('it is not up for longer than its linger and one look after the last who wanted it', () => {
    fc.assert(
      fc.property(history, events => {
        live(events, (state, now, { aloneSince }) => {
          if (aloneSince !== undefined && now - aloneSince > TIMES.linger + TICK) expect(isHeld(state)).toBe(false)
        })
      }),
      { numRuns: 2_000 },
    )
  })

  it('what the media plane was told last is what holds, and each try to open has its own number', () => {
    fc.assert(
      fc.property(history, events => {
        const { opened } = live(events, (state, _, { held }) => expect(held).toBe(isHeld(state)))
        expect(new Set(opened).size).toBe(opened.length)
        expect(opened).toEqual([...opened].sort((a, b) => a - b))
      }),
      { numRuns: 1_000 },
    )
  })

  it('it is idle in the end, where everybody leaves', () => {
    fc.assert(
      fc.property(history, events => {
        const world = live(events, () => {})
        for (const name of VIEWERS) world.meet({ what: 'stop', by: name, ago: 0 })
        world.pass(TIMES.linger + TIMES.stop + 2 * TICK)
        expect(world.state.phase).toEqual({ name: 'idle' })
        expect(world.held).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  it('a try that is not answered ends in a reason, and another try follows it', () => {
    fc.assert(
      fc.property(history, events => {
        const world = live(events, () => {})
        world.meet({ what: 'join', by: 'anna' })
        world.meet({ what: 'lost' })
        const before = world.opened.length
        world.pass(TIMES.start + TIMES.retry + 3 * TICK)
        expect(world.opened.length).toBeGreaterThan(before)
      }),
      { numRuns: 500 },
    )
  })

  it('fifty starts at once are one hold and one try', () => {
    const world = new World(() => {})
    for (let i = 0; i < 50; i++) world.meet({ what: 'start', by: `user-${i}`, lease: 1_000 })
    expect(world.opened).toEqual([1])
    expect(world.state.demand.size).toBe(50)
  })
})
