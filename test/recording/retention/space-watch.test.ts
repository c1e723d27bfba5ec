import { describe, expect, it } from 'vitest'
import { SpaceWatch } from '../../../src/recording/retention/space-watch.ts'

const TOTAL = 1e12
const BATCH = 9e9

/** Ten batches, of each of which the part `seen` comes free; what is said then. */
function verdict(seen: number, { deleted = BATCH, written = 0, total = TOTAL } = {}): string | null {
  const watch = new SpaceWatch()
  let free = 1e9
  for (let batch = 0; batch < 10 && watch.trouble(0, free) === null; batch++) {
    const freeAfter = free + deleted * seen - written
    watch.note({ deleted, freeBefore: free, freeAfter, total, written }, 0)
    free = freeAfter
  }
  return watch.trouble(0, free)
}

describe('SpaceWatch', () => {
  it('is content while what is deleted comes free', () => {
    expect(verdict(1)).toBeNull()
    expect(verdict(0.5)).toBeNull()
    expect(verdict(1, { written: BATCH / 5 })).toBeNull()
  })

  it('stops after a few batches that win nothing', () => {
    expect(verdict(0)).toBe(
      '5 batches of footage were deleted and the disk has hardly more room: do snapshots, or programs that have the files open, keep it?',
    )
    expect(verdict(0, { written: BATCH / 5 })).not.toBeNull()
  })

  it('does not judge by what the cameras write meanwhile, or by next to nothing', () => {
    expect(verdict(0, { written: BATCH / 2 })).toBeNull()
    expect(verdict(0, { deleted: 1e5 })).toBeNull()
    expect(verdict(0, { deleted: 1e5, total: 16e6 })).not.toBeNull()
  })

  it('goes on when room came after all, or after half an hour', () => {
    const watch = new SpaceWatch()
    for (let batch = 0; batch < 5; batch++)
      watch.note({ deleted: BATCH, freeBefore: 0, freeAfter: 0, total: TOTAL, written: 0 }, 0)
    expect(watch.trouble(1_000, BATCH)).not.toBeNull()
    expect(watch.trouble(29 * 60_000, BATCH)).not.toBeNull()
    expect(watch.trouble(29 * 60_000, 3 * BATCH)).toBeNull()
    for (let batch = 0; batch < 5; batch++)
      watch.note({ deleted: BATCH, freeBefore: 0, freeAfter: 0, total: TOTAL, written: 0 }, 0)
    expect(watch.trouble(30 * 60_000, 0)).toBeNull()
  })
})
