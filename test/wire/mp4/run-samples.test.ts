import { describe, expect, it } from 'vitest'
import { RunSamples } from '../../../src/wire/mp4/index.ts'

const filled = (count: number): RunSamples =>
  RunSamples.of(
    Array.from({ length: count }, (_, n) => ({ size: n, duration: 10 * n, compositionOffset: -n, key: n % 3 === 0 })),
  )
const fields = (samples: RunSamples, index: number) => [
  samples.size(index),
  samples.duration(index),
  samples.compositionOffset(index),
  samples.key(index),
]

describe('the samples of a run', () => {
  it('are as they were given, however many', () => {
    const samples = filled(1_000)
    expect(samples.length).toBe(1_000)
    expect(fields(samples, 1)).toEqual([1, 10, -1, false])
    expect(fields(samples, 999)).toEqual([999, 9_990, -999, true])
  })

  it('are without the first ones after these were skipped, and can be added to', () => {
    const samples = filled(50)
    samples.skip(48)
    samples.add(7, 8, 9, true)
    expect(samples.length).toBe(3)
    expect(fields(samples, 0)).toEqual([48, 480, -48, true])
    expect(fields(samples, 2)).toEqual([7, 8, 9, true])
  })

  it('have nothing of those before when they are filled again', () => {
    const samples = filled(50)
    samples.clear()
    samples.add(7, 0, 0, false)
    expect(samples.length).toBe(1)
    expect(samples.key(0)).toBe(false)
  })
})
