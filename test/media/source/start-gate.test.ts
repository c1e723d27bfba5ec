import { describe, expect, it } from 'vitest'
import { StartGate } from '../../../src/media/source/start-gate.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const LIMITS = { connectsPerSecond: 10, connectsPerHost: 2 }

describe('start gate', () => {
  it('lets ten a second through, in order of arrival', () => {
    const clock = new FakeClock()
    const gate = new StartGate(clock, LIMITS)
    const started: number[] = []
    for (let i = 0; i < 35; i++) gate.enter(`10.0.0.${i}:554`, false, () => started.push(i))
    expect(started).toHaveLength(10)
    clock.advance(1_050)
    expect(started).toHaveLength(20)
    clock.advance(2_000)
    expect(started).toEqual(Array.from({ length: 35 }, (_, i) => i))
  })

  it('lets a camera that ran a moment ago pass the wave', () => {
    const gate = new StartGate(new FakeClock(), LIMITS)
    let started = 0
    for (let i = 0; i < 100; i++) gate.enter(`10.0.0.${i}:554`, true, () => started++)
    expect(started).toBe(100)
  })

  it('sets up two connections at a time to one host, and goes on when one is done', () => {
    const gate = new StartGate(new FakeClock(), LIMITS)
    const started: number[] = []
    const passages = [0, 1, 2, 3].map(i => gate.enter('nvr:554', true, () => started.push(i)))
    expect(started).toEqual([0, 1])
    passages[0]!.done()
    passages[0]!.done()
    expect(started).toEqual([0, 1, 2])
    passages[1]!.done()
    expect(started).toEqual([0, 1, 2, 3])
  })

  it('does not let a full host hold up another', () => {
    const gate = new StartGate(new FakeClock(), LIMITS)
    const started: string[] = []
    for (const host of ['nvr', 'nvr', 'nvr', 'gate']) gate.enter(host, true, () => started.push(host))
    expect(started).toEqual(['nvr', 'nvr', 'gate'])
  })

  it('forgets who left before its turn', () => {
    const clock = new FakeClock()
    const gate = new StartGate(clock, { connectsPerSecond: 1, connectsPerHost: 9 })
    const started: string[] = []
    gate.enter('a', false, () => started.push('a'))
    gate.enter('b', false, () => started.push('b')).done()
    gate.enter('c', false, () => started.push('c'))
    clock.advance(1_100)
    expect(started).toEqual(['a', 'c'])
  })
})
