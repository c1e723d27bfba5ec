import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras } from '../../src/media/virtual/index.ts'
import { hasProgram } from '../support/programs.ts'
import { RedisServer } from '../support/redis.ts'
import { TestSite } from '../support/test-site.ts'

describe.skipIf(!hasProgram('redis-server', ['--version']))('the registry in Redis', () => {
  const site = new TestSite()
  let redis: RedisServer
  const hash = () => redis.hash('stream_process:cam-001')

  beforeAll(async () => {
    redis = await RedisServer.start()
    site.defer(() => redis[Symbol.asyncDispose]())
    const cameras = await spawnVirtualCameras({ count: 1, main: 500_000, sub: 200_000, gop: 25 })
    site.defer(() => cameras.stop())
    const urls = `main: "${cameras.url}/cam-001/main", sub: "${cameras.url}/cam-001/sub"`
    site.write([`{ id: cam-001, ${urls}, record: never, linger: 1s }`], [`registry: ${redis.url}`])
    await site.start()
  })
  afterAll(() => site[Symbol.asyncDispose]())

  it('tells other programs what runs, while it runs; a Redis that dies costs no stream', async () => {
    const { stream } = await site.client.live.start('cam-001', { user: 'anna', for: 60_000 })
    await site.until('Redis knows', async () => (await hash()).viewers === '1')
    expect(await hash()).toEqual({
      pid: String(site.workerPids()[0]),
      started_at: new Date(stream.since!).toISOString(),
      stream: 'sub',
      viewers: '1',
      url: expect.stringMatching(/^rtsp:\/\/127\.0\.0\.1:\d+\/cam-001\/sub$/),
    })
    await redis.kill()
    await site.client.live.start('cam-001', { user: 'ben', for: 60_000 })
    await sleep(systemClock, 3_000)
    const { lines } = await site.client.logs(undefined, 1_000)
    expect(lines.filter(({ message }) => message.includes('Redis cannot be told'))).toHaveLength(1)
    await redis.begin()
    await site.until('Redis is caught up', async () => (await hash()).viewers === '2')
    for (const user of ['anna', 'ben']) await site.client.live.stop('cam-001', { user })
    await site.until('the hash is gone', async () => (await redis.ask('EXISTS', 'stream_process:cam-001')) === '0')
  })
})
