import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFollower, readLogs } from '../../src/daemon/log-files.ts'
import { parseLogLine } from '../../src/daemon/log-line.ts'
import { parseAnswer, requestOverSocket } from '../../src/daemon/socket-http.ts'
import { foldRepeats } from '../../src/kernel/fold-log.ts'
import type { Logger } from '../../src/kernel/log.ts'
import { rotateLog } from '../../src/supervision/rotate-log.ts'
import { FakeClock } from '../support/fake-clock.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-logs-'))
  mkdirSync(join(dir, 'workers'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const line = (time: number, msg: string, more: object = {}) => `${JSON.stringify({ level: 30, time, msg, ...more })}\n`

describe('logs', () => {
  it('merges daemon and workers by time, rotated files too', () => {
    writeFileSync(join(dir, 'daemon.log'), line(3, 'three') + line(5, 'five'))
    writeFileSync(join(dir, 'daemon.log.1'), line(1, 'one'))
    writeFileSync(
      join(dir, 'workers', '0.log'),
      `${line(2, 'two', { camera: 'a' })}Error: boom\n    at x\n${line(4, 'four')}`,
    )
    const lines = readLogs(dir, { lines: 100 })
    expect(lines.map(({ message }) => message)).toEqual([
      'one',
      'two',
      'Error: boom',
      '    at x',
      'three',
      'four',
      'five',
    ])
    expect(lines[1]).toMatchObject({ source: 'worker-0', camera: 'a', level: 'info' })
    expect(readLogs(dir, { lines: 2 }).map(({ message }) => message)).toEqual(['four', 'five'])
    expect(readLogs(dir, { lines: 9, camera: 'a' }).map(({ message }) => message)).toEqual(['two'])
  })

  it('follows what is appended, over a rotation', () => {
    const path = join(dir, 'daemon.log')
    writeFileSync(path, line(1, 'old'.repeat(100)))
    const follower = new LogFollower(dir)
    expect(follower.poll()).toEqual([])
    appendFileSync(path, `${line(2, 'new')}{"half`)
    expect(follower.poll().map(({ message }) => message)).toEqual(['new'])
    appendFileSync(path, `":1,"msg":"whole","time":3}\n`)
    expect(follower.poll().map(({ message }) => message)).toEqual(['whole'])
    expect(rotateLog(path, 10, 3)).toBe(true)
    appendFileSync(path, line(4, 'after'))
    expect(follower.poll().map(({ message }) => message)).toEqual(['after'])
    writeFileSync(join(dir, 'workers', '1.log'), line(5, 'a worker of now'))
    expect(follower.poll().map(({ message }) => message)).toEqual(['a worker of now'])
  })

  it('survives any line', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => void parseLogLine(text, 's', null)))
  })

  it('rotation keeps three files and every line', () => {
    const path = join(dir, 'x.log')
    expect(rotateLog(path)).toBe(false)
    for (const text of ['first', 'second', 'third', 'fourth']) {
      appendFileSync(path, `${text}\n`)
      expect(rotateLog(path, 100)).toBe(false)
      if (text !== 'fourth') expect(rotateLog(path, 3)).toBe(true)
    }
    expect([path, `${path}.1`, `${path}.2`].map(file => readFileSync(file, 'utf8'))).toEqual([
      'fourth\n',
      'third\n',
      'second\n',
    ])
  })
})

describe('foldRepeats', () => {
  let said: string[]
  let clock: FakeClock
  let log: Logger
  const make = (scope: object): Logger => {
    const say = (fields: object, message: string) =>
      void said.push(`${message} ${JSON.stringify({ ...scope, ...fields })}`)
    return { debug: say, info: say, warn: say, error: say, child: fields => make({ ...scope, ...fields }) }
  }
  beforeEach(() => {
    said = []
    clock = new FakeClock()
    log = foldRepeats(make({}), clock)
  })

  it('says a line at once and its repeats once a second, cameras apart', () => {
    for (let i = 0; i < 5; i++) log.warn({ i }, 'trouble')
    log.warn({ camera: 'a' }, 'trouble')
    log.child({ camera: 'b' }).warn({}, 'trouble')
    expect(said).toEqual(['trouble {"i":0}', 'trouble {"camera":"a"}', 'trouble {"camera":"b"}'])
    clock.advance(1_000)
    expect(said.slice(3)).toEqual(['trouble {"i":4,"repeated":4}'])
    clock.advance(1_000)
    log.warn({ i: 9 }, 'trouble')
    expect(said.slice(4)).toEqual(['trouble {"i":9}'])
    clock.advance(60_000)
    expect(clock.delays).toEqual([])
  })

  it('keeps the order: who reads "stopped" last knows that nothing started after it', () => {
    log.info({ n: 1 }, 'stopped')
    log.info({ n: 2 }, 'stopped')
    log.info({ n: 3 }, 'started')
    log.info({ n: 4 }, 'stopped')
    clock.advance(100)
    log.info({ n: 5 }, 'started')
    clock.advance(900)
    expect(said).toEqual([
      'stopped {"n":1}',
      'stopped {"n":2,"repeated":1}',
      'started {"n":3}',
      'stopped {"n":4,"repeated":1}',
      'started {"n":5,"repeated":1}',
    ])
    clock.advance(60_000)
    expect(clock.delays).toEqual([])
  })
})

it('a daemon that hangs is told with what to do about it', async () => {
  const path = join(dir, 'hung.sock')
  const server = createServer(() => {})
  await new Promise<void>(resolve => server.listen(path, resolve))
  await expect(requestOverSocket(path, 'GET', '/v1/status', '', 50)).rejects.toMatchObject({
    code: 'VMS_E_TIMEOUT',
    hint: expect.stringContaining('the recorders go on'),
  })
  server.close()
})

describe('parseAnswer', () => {
  it('takes a whole answer only', () => {
    const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
    expect(parseAnswer(Buffer.from(whole))).toEqual({ status: 200, body: 'hi' })
    for (let end = 0; end < whole.length; end++) expect(parseAnswer(Buffer.from(whole.slice(0, end)))).toBeUndefined()
  })
  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), bytes => void parseAnswer(Buffer.from(bytes))))
  })
})
