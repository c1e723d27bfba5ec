import { describe, expect, it } from 'vitest'
import { SLAB_SIZE, SlabPool } from '../../../src/media/memory/slab.ts'

describe('a pool of slabs', () => {
  it('hands a slab out again, and gives the memory of one too many back at once', () => {
    const pool = new SlabPool(SLAB_SIZE)
    const [first, second] = [pool.take(1), pool.take(1)]
    first.release()
    second.release()
    expect(pool.used).toBe(0)
    expect(first.bytes.length).toBe(SLAB_SIZE)
    expect(second.bytes.length).toBe(0)
    expect(pool.take(1)).toBe(first)
    expect(pool.take(1).bytes.length).toBe(SLAB_SIZE)
  })

  it('keeps nothing of a slab for a frame that is rare', () => {
    const pool = new SlabPool()
    const large = pool.take(3 * 1024 * 1024)
    expect(large.bytes.length).toBe(4 * 1024 * 1024)
    large.release()
    expect(large.bytes.length).toBe(0)
  })
})
