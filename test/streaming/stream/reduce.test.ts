import { describe, expect, it } from 'vitest'
import { reduce } from '../../../src/streaming/stream/reduce.ts'
import { foundAgain, IDLE, type StreamEvent, type StreamState } from '../../../src/streaming/stream/state.ts'

const TIMES = { linger: 30_000, start: 12_000, stop: 5_000, retry: 5_000 }

/** Carries a stream through events at their times, and notes each phase and step. */
function play(...events: readonly (readonly [at: number, event: StreamEvent])[]) {
  let state: StreamState = IDLE
  const log = events.map(([at, event]) => {
    const { state: next, steps } = reduce(state, event, at, TIMES)
    state = next
    return [state.phase.name, ...steps.map(({ type }) => type)].join(' ')
  })
  return { state, log }
}

const wanted = (by: string, until = Number.POSITIVE_INFINITY): StreamEvent => ({ type: 'wanted', by, until })
const left = (by: string, at = Number.POSITIVE_INFINITY): StreamEvent => ({ type: 'left', by, at })
const up = (turn: number): StreamEvent => ({ type: 'up', turn })
const failed = (turn: number, reason = 'refused'): StreamEvent => ({ type: 'failed', turn, reason })
const tick: StreamEvent = { type: 'tick' }

describe('a stream on demand', () => {
  it('starts with the first viewer, serves the second, lingers after the last and is let go', () => {
    const { log } = play(
      [0, wanted('anna')],
      [400, up(1)],
      [500, wanted('ben')],
      [10_000, left('anna')],
      [20_000, left('ben')],
      [49_999, tick],
      [50_000, tick],
      [50_100, { type: 'gone' }],
    )
    expect(log).toEqual([
      'starting hold open',
      'running',
      'running',
      'running',
      'lingering',
      'lingering',
      'stopping release',
      'idle',
    ])
  })

  it('counts the linger from when a viewer was last there, not from when that was found out', () => {
    const { log } = play([0, wanted('hls')], [100, up(1)], [43_000, left('hls', 12_000)])
    expect(log.at(-1)).toBe('stopping release')
  })

  it('lets nobody keep it up who does not say so again', () => {
    const { log, state } = play([0, wanted('anna', 30_000)], [100, up(1)], [30_500, tick], [60_000, tick])
    expect(log).toEqual(['starting hold open', 'running', 'lingering', 'stopping release'])
    expect(state.lastWanted).toBe(30_000)
  })

  it('takes a second start of the same viewer for what it is', () => {
    const { state } = play([0, wanted('anna', 30_000)], [1_000, up(1)], [20_000, wanted('anna', 50_000)])
    expect([...state.demand]).toEqual([['anna', 50_000]])
  })

  it('is opened anew where somebody comes while it stops; the answer to the first try counts no more', () => {
    const { log } = play(
      [0, wanted('anna')],
      [100, left('anna')],
      [30_100, tick],
      [30_200, wanted('ben')],
      [30_300, up(1)],
      [30_350, { type: 'gone' }],
      [30_400, up(2)],
    )
    expect(log).toEqual([
      'starting hold open',
      'starting',
      'stopping release',
      'starting hold open',
      'starting',
      'starting',
      'running',
    ])
  })

  it('says why it cannot be had, tries again for who stays, and at once for who comes anew', () => {
    const { log, state } = play(
      [0, wanted('anna')],
      [3_000, failed(1, 'refused')],
      [3_500, wanted('anna')],
      [4_000, wanted('ben')],
      [7_000, failed(2, 'refused')],
      [11_999, tick],
      [12_000, tick],
    )
    expect(log).toEqual([
      'starting hold open',
      'failed',
      'failed',
      'starting open',
      'failed',
      'failed',
      'starting open',
    ])
    expect(state.turn).toBe(3)
  })

  it('does not linger where there was nothing', () => {
    expect(play([0, wanted('anna')], [100, failed(1)], [200, left('anna')]).log.at(-1)).toBe('stopping release')
  })

  it('fails where nobody answers, and takes a late answer all the same', () => {
    const { log } = play([0, wanted('anna')], [12_000, tick], [12_500, up(1)])
    expect(log).toEqual(['starting hold open', 'failed', 'running'])
  })

  it('is opened again when it was lost', () => {
    expect(play([0, wanted('anna')], [100, up(1)], [200, { type: 'lost' }]).log.at(-1)).toBe('starting open')
  })

  it('takes for gone what nobody says of it', () => {
    const { log } = play([0, wanted('anna')], [1, left('anna')], [30_001, tick], [35_001, tick])
    expect(log.slice(-2)).toEqual(['stopping release', 'idle'])
  })

  it('that an earlier daemon had up goes on for whoever is still there, else ends in time', () => {
    const found = foundAgain(-10_000, -60_000)
    const served = reduce(found, wanted('anna'), 0, TIMES)
    expect(served).toMatchObject({ state: { phase: { name: 'running', since: -60_000 } }, steps: [] })
    expect(reduce(found, tick, 0, TIMES)).toMatchObject({ state: { phase: { name: 'lingering' } }, steps: [] })
    expect(reduce(found, tick, 20_000, TIMES)).toMatchObject({ steps: [{ type: 'release' }] })
  })

  it('stays the same object where nothing happens', () => {
    expect(reduce(IDLE, tick, 5, TIMES).state).toBe(IDLE)
    const { state } = play([0, wanted('anna')], [1, up(1)])
    expect(reduce(state, tick, 5, TIMES).state).toBe(state)
  })
})
