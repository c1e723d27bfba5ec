import { describe, expect, it } from 'vitest'
import { erlangB, erlangC, erlangServers } from '../../src/planning/maths/erlang.ts'
import { exact } from './rational.ts'
import { expectNear, figure } from './support.ts'

/** a^c / c! over the sum of a^k / k!: Erlang's loss formula as it is written, in exact fractions. */
function lossExactly(servers: number, load: string) {
  let term = exact(1)
  let sum = exact(1)
  for (let k = 1; k <= servers; k++) {
    term = term.times(exact(load)).by(exact(k))
    sum = sum.plus(term)
  }
  return term.by(sum)
}

/** The chance to wait, in exact fractions: the states of a queue with all servers busy. */
function waitingExactly(servers: number, load: string) {
  let term = exact(1)
  let sum = exact(0)
  for (let k = 0; k < servers; k++) {
    sum = sum.plus(term)
    term = term.times(exact(load)).by(exact(k + 1))
  }
  const waiting = term.times(exact(servers)).by(exact(servers).minus(exact(load)))
  return waiting.by(sum.plus(waiting))
}

describe('pools of slots (vectors L13 and L14)', () => {
  it('L13: blocked, and waiting', () => {
    expectNear(figure('erlang.b', 'load=2', 'servers=4'), 0.095238095, 1e-8)
    expectNear(figure('erlang.b', 'load=20', 'servers=30'), 0.008457498)
    expectNear(figure('erlang.b', 'load=10', 'servers=16'), 0.022301872)
    expectNear(figure('erlang.c', 'load=2', 'servers=4'), 0.173913043, 1e-8)
    for (const [load, servers] of [
      ['2', 4],
      ['20', 30],
      ['10', 16],
      ['0.3', 1],
      ['17.731607', 40],
    ] as const) {
      expectNear(erlangB(servers, Number(load)), lossExactly(servers, load).number(), 1e-13)
      expectNear(erlangC(servers, Number(load)), waitingExactly(servers, load).number(), 1e-13)
    }
  })

  it('L14: the fewest slots, against a search in exact fractions', () => {
    for (const [load, blocking] of [
      ['20', '0.01'],
      ['10', '0.001'],
      ['17.731607', '0.01'],
    ] as const) {
      let least = 0
      while (!lossExactly(least, load).atMost(exact(blocking))) least++
      expect(figure('erlang.servers', `load=${load}`, `blocking=${blocking}`)).toBe(least)
    }
  })

  it('is right at its ends and quick when it is large', () => {
    expect([erlangB(0, 0), erlangB(0, 5), erlangB(5, 0), erlangServers(0, 0.01)]).toEqual([1, 1, 0, 0])
    expect([erlangC(0, 0), erlangC(3, 3), erlangC(3, 0)]).toEqual([0, 1, 0])
    expect(erlangB(1_000_000, 10)).toBe(0)
    const servers = erlangServers(1_000_000, 0.01)
    expect(erlangB(servers, 1_000_000)).toBeLessThanOrEqual(0.01)
    expect(erlangB(servers - 1, 1_000_000)).toBeGreaterThan(0.01)
  })
})
