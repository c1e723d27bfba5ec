import { expect, it } from 'vitest'
import { latencies } from '../../../src/bench/glass/latencies.ts'

it('the age of a picture is told by its own frame', () => {
  const coded = [
    [9_000, 1_040],
    [5_400, 1_000],
  ] as const
  expect(
    latencies(
      coded,
      [
        [5_400, 1_030],
        [9_000, 1_075.5],
      ],
      0,
    ),
  ).toEqual([30, 35.5])
})

it('a picture whose frame nobody saw says nothing', () => {
  expect(latencies([], [[1, 5]], 10)).toEqual([])
  expect(latencies([[100, 7]], [[101, 9]], 0)).toEqual([])
  const coded = [
    [0, 100],
    [40, 140],
    [80, 180],
  ] as const
  // Times in the media are rounded on their way.
  expect(
    latencies(
      coded,
      [
        [41, 200],
        [-14, 110],
        [96, 300],
        [59, 400],
      ],
      15,
    ),
  ).toEqual([60, 10])
})
