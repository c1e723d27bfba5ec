import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameSizes } from '../../../src/media/virtual/frame-sizes.ts'

describe('frame sizes', () => {
  it('fill a loop up to its total, to the byte where there is room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 50, max: 5_000 }), fc.constantFrom(0.5, 1, 6)), {
          minLength: 2,
          maxLength: 80,
        }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (frames, total) => {
          const natural = frames.map(([size]) => size)
          const sizes = frameSizes(
            natural,
            frames.map(([, weight]) => weight),
            total,
            7,
          )
          const sum = sizes.reduce((all, size) => all + size, 0)
          const least = natural.reduce((all, size) => all + size, 0)
          // What cannot be filled by less than 7 bytes is left over.
          expect(Math.abs(sum - Math.max(total, least))).toBeLessThan(8)
          for (const [i, size] of sizes.entries()) {
            expect(Number.isInteger(size)).toBe(true)
            expect(size === natural[i]! || size >= natural[i]! + 7).toBe(true)
          }
        },
      ),
    )
  })

  it('gives key frames six times as much as others', () => {
    const sizes = frameSizes([100, 10, 10, 10], [6, 1, 1, 1], 90_000, 7)
    expect(sizes).toEqual([60_000, 10_000, 10_000, 10_000])
  })
})
