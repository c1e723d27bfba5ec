import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { type Logger, silentLogger } from '../../src/kernel/log.ts'
import { RedisMirror, type StreamProcess } from '../../src/streaming/registry/redis-mirror.ts'
import { hasProgram } from '../support/programs.ts'
import { RedisServer } from '../support/redis.ts'

const PASSWORD = 'r3dis s&cret'
const gate: StreamProcess = {
  pid: '4711',
  started_at: '2026-11-25T03:00:00.000Z',
  stream: 'sub',
  viewers: '2',
  url: 'rtsp://127.0.0.1:8654/gate-1/sub',
}

describe.skipIf(!hasProgram('redis-server', ['--version']))('the mirror in Redis', () => {
  let server: RedisServer
  let mirror: RedisMirror
  let told: string[]
  const log: Logger = {
    ...silentLogger,
    warn: (fields, message) => told.push(`${message} ${JSON.stringify(fields)}`),
    info: (_, message) => told.push(message),
  }
  const open = (password?: string) =>
    new RedisMirror({
      address: { url: server.url, username: undefined, password },
      clock: systemClock,
      log,
      cameras: () => ['gate-1', 'hall-1', 'yard-1'],
    })
  const until = async (what: string, look: () => Promise<boolean>) => {
    for (let tries = 0; tries < 300; tries++) {
      if (await look().catch(() => false)) return
      await sleep(systemClock, 50)
    }
    throw new Error(`never: ${what}`)
  }
  const keys = async () => (await server.ask('KEYS', '*')).split('\n').filter(Boolean).sort()

  beforeEach(async () => {
    told = []
    server = await RedisServer.start(PASSWORD)
  })
  afterEach(async () => {
    await mirror.end()
    await server[Symbol.asyncDispose]()
  })

  it('has a hash for each camera that is up, and takes it away at its end', async () => {
    await server.ask('HSET', 'stream_process:hall-1', 'pid', '1')
    await server.ask('HSET', 'stream_process:another-site', 'pid', '1')
    mirror = open(PASSWORD)
    mirror.publish(new Map([['gate-1', gate]]))
    await until('gate-1 is told', async () => (await server.hash('stream_process:gate-1')).pid === '4711')
    expect(await server.hash('stream_process:gate-1')).toEqual(gate)
    // What a daemon before left behind is gone; what is not of this site is nobody's business here.
    expect(await keys()).toEqual(['stream_process:another-site', 'stream_process:gate-1'])
    mirror.publish(new Map([['gate-1', { ...gate, viewers: '3' }]]))
    await until('the count', async () => (await server.hash('stream_process:gate-1')).viewers === '3')
    expect(Number(await server.ask('TTL', 'stream_process:gate-1'))).toBeGreaterThan(60)
    mirror.publish(new Map())
    await until('it is gone', async () => (await keys()).length === 1)
    expect(told).toEqual([])
  })

  it('warns once while Redis is away, and tells it everything when it is back', async () => {
    mirror = open(PASSWORD)
    mirror.publish(new Map([['gate-1', gate]]))
    await until('gate-1 is told', async () => (await keys()).length === 1)
    await server.kill()
    for (let viewers = 0; viewers < 20; viewers++) {
      mirror.publish(new Map([['yard-1', { ...gate, viewers: String(viewers) }]]))
      await sleep(systemClock, 100)
    }
    expect(told).toEqual([expect.stringContaining('Redis cannot be told')])
    await server.begin()
    await until('yard-1 is told', async () => (await server.hash('stream_process:yard-1')).viewers === '19')
    expect(await keys()).toEqual(['stream_process:yard-1'])
    expect(told).toEqual([expect.stringContaining('cannot be told'), 'Redis knows the streams again'])
  })

  it('notices a Redis that hangs, says so once, and ends without it', async () => {
    mirror = open(PASSWORD)
    mirror.publish(new Map([['gate-1', gate]]))
    await until('gate-1 is told', async () => (await keys()).length === 1)
    server.freeze(true)
    mirror.publish(new Map([['yard-1', gate]]))
    await until('it is told', async () => told.length > 0)
    // Nor does the next connection answer.
    await sleep(systemClock, 10_000)
    expect(told).toEqual([expect.stringContaining('Redis cannot be told')])
    server.freeze(false)
    await until('yard-1 is told', async () => (await keys()).join() === 'stream_process:yard-1')
    server.freeze(true)
    mirror.publish(new Map([['hall-1', gate]]))
    const began = performance.now()
    await mirror.end()
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(told).toHaveLength(2)
  }, 60_000)

  it('says so where nothing but silence answers from the beginning', async () => {
    server.freeze(true)
    mirror = open(PASSWORD)
    mirror.publish(new Map([['gate-1', gate]]))
    await until('it is told', async () => told.length > 0)
    expect(told).toEqual([expect.stringContaining('Redis cannot be told')])
  }, 30_000)

  it('says that a login is refused, without the password', async () => {
    mirror = open('wrong-p4ssword')
    mirror.publish(new Map([['gate-1', gate]]))
    await until('it is told', async () => told.length > 0)
    await sleep(systemClock, 500)
    expect(told).toEqual([expect.stringMatching(/cannot be told.*(WRONGPASS|AUTH)/i)])
    expect(told.join()).not.toContain('p4ssword')
  })
})
