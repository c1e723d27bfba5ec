import { describe, expect, it } from 'vitest'
import { ReadBatching } from '../../../src/media/source/read-batching.ts'

/** Milliseconds that the next turn of the event loop takes. */
async function nextTurn(): Promise<number> {
  const start = performance.now()
  await new Promise(resolve => setImmediate(resolve))
  return performance.now() - start
}

describe('read batching', () => {
  it('sleeps once in a turn that read, however many sockets it read', async () => {
    const batching = new ReadBatching()
    for (let i = 0; i < 100; i++) batching.note()
    // Five milliseconds, not a hundred times five.
    const turn = await nextTurn()
    expect(turn).toBeGreaterThan(4)
    expect(turn).toBeLessThan(250)
  })

  it('sleeps not while somebody works in many short steps, and again when that is done or has failed', async () => {
    const batching = new ReadBatching()
    let finish = () => {}
    const work = batching.hurry(() => new Promise<void>((_, reject) => (finish = () => reject(new Error('disk full')))))
    const turns: number[] = []
    for (let i = 0; i < 20; i++) {
      batching.note()
      turns.push(await nextTurn())
    }
    expect(Math.min(...turns)).toBeLessThan(4)
    finish()
    await expect(work).rejects.toThrow('disk full')
    batching.note()
    expect(await nextTurn()).toBeGreaterThan(4)
  })
})
