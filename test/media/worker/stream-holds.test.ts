import { expect, it } from 'vitest'
import { StreamHolds } from '../../../src/media/worker/stream-holds.ts'

it('holds what any daemon wants, each its newest set', () => {
  const holds = new StreamHolds()
  const [old, fresh] = [{}, {}]
  holds.set(old, [
    { camera: 'a', stream: 'sub' },
    { camera: 'b', stream: 'main' },
  ])
  holds.set(fresh, [{ camera: 'a', stream: 'sub' }])
  expect([holds.includes('a', 'sub'), holds.includes('a', 'main'), holds.includes('b', 'main')]).toEqual([
    true,
    false,
    true,
  ])
  expect(holds.lose(old)).toBe(true)
  expect(holds.lose(old)).toBe(false)
  expect([holds.includes('a', 'sub'), holds.includes('b', 'main')]).toEqual([true, false])
  holds.set(fresh, [])
  expect(holds.includes('a', 'sub')).toBe(false)
})
