import { expect, it } from 'vitest'
import type { EngineResult } from '../../../src/bench/record/ratios.ts'
import { joinRounds, orderOfRound } from '../../../src/bench/record/rounds.ts'

function run(cpu: number, rss: number, pss: number | null, lost: number): EngineResult {
  const usage = { elapsed: 10_000, user: cpu / 2, system: cpu / 2, cpu, rss, rssMax: rss + 1, pss, processes: 2 }
  return {
    engine: 'native',
    version: 'vmsctl',
    usage,
    bytes: 100,
    frames: 1_000,
    framesLost: lost,
    camerasWithout: lost > 0 ? 1 : 0,
  }
}

it('runs every other round backwards', () => {
  expect([0, 1, 2].map(round => orderOfRound(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'cba', 'abc'])
})

it('gives means of what was used, and hides no loss of any round', () => {
  expect(joinRounds([run(10, 100, 50, 0), run(21, 301, 71, 7)])).toEqual({
    engine: 'native',
    version: 'vmsctl',
    usage: { elapsed: 20_000, user: 7.8, system: 7.8, cpu: 15.5, rss: 201, rssMax: 302, pss: 61, processes: 2 },
    bytes: 200,
    frames: 2_000,
    framesLost: 7,
    camerasWithout: 1,
  })
  expect(joinRounds([run(10, 100, null, 0), run(10, 100, 50, 0)]).usage.pss).toBeNull()
  expect(joinRounds([run(10, 100, 50, 0)])).toEqual(run(10, 100, 50, 0))
})
