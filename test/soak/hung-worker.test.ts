import { afterEach, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras } from '../../src/media/virtual/index.ts'
import { TestSite } from '../support/test-site.ts'

const site = new TestSite({ segment: 3 })
afterEach(() => site[Symbol.asyncDispose]())

it('a worker that hangs is replaced within a minute, and its cameras are recorded by the next one only', async () => {
  const cameras = await spawnVirtualCameras({ count: 3, main: 500_000, sub: undefined, gop: 25 })
  site.defer(() => cameras.stop())
  site.write([site.range(cameras)])
  await site.start()
  const from = await site.recording()
  await site.written(from + 3_000)
  const [worker] = site.workerPids()
  const hung = Date.now()
  process.kill(worker!, 'SIGSTOP')
  await site.until(
    'another worker runs',
    async () => site.workerPids().length === 1 && site.workerPids()[0] !== worker,
    60,
  )
  const again = await site.recording()
  console.log(`a worker that hangs: recorded again after ${((again - hung) / 1_000).toFixed(0)} s`)
  await site.written(again + 2_000)
  await sleep(systemClock, 3_000)
  const to = Date.now()
  await site.written(to)
  await site.stop()
  const verdict = await site.verify(cameras, { from, to })
  expect(verdict).toMatchObject({ open: [], damaged: [] })
  expect(verdict.streams).toHaveLength(3)
  for (const stream of verdict.streams) {
    expect(stream).toMatchObject({ doubled: 0, outOfOrder: 0 })
    expect(stream.gaps).toHaveLength(1)
  }
})
