import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { AlarmTarget } from '../../../src/config/types.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { type Logger, silentLogger } from '../../../src/kernel/log.ts'
import { isRunning, readIdentity } from '../../../src/process/index.ts'
import { Alarms, readRaised, sendTest } from '../../../src/recording/alarms/index.ts'
import { webhookSignature } from '../../../src/recording/alarms/send-webhook.ts'
import { AlarmStore } from '../../../src/recording/alarms/store.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-alarms-'))
afterAll(() => rmSync(directory, { recursive: true }))
const rest: (() => unknown)[] = []
afterEach(async () => {
  for (const end of rest.splice(0).reverse()) await end()
})

const SITE = { name: 'depot', timezone: 'Europe/Paris' }
const KEY = 'a key of the test'
const START = 1_800_000_000_000

interface Post {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A receiver on loopback; `answer` decides what becomes of post number n. */
class Receiver {
  readonly posts: Post[] = []
  server: Server
  port = 0
  constructor(answer: (n: number, response: ServerResponse) => void) {
    this.server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      this.posts.push({ headers: request.headers, body })
      answer(this.posts.length, response)
    })
    rest.push(() => this.close())
  }
  async listen(): Promise<this> {
    await new Promise<void>(resolve => this.server.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
    return this
  }
  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
  target(over: object = {}): AlarmTarget {
    const url = `http://127.0.0.1:${this.port}/hook/T0KEN`
    return { kind: 'webhook', name: 'hook', url, key: { kind: 'inline', value: KEY }, timeout: 300, ...over }
  }
}

const settings = (...targets: AlarmTarget[]) => ({ notRecorded: 60_000, coverage: 0, headroom: 0, remind: 0, targets })
const context = {
  random: Math.random,
  clock: systemClock,
  env: { PATH: process.env.PATH, SECRET: 'hidden' },
  log: silentLogger,
}

let files = 0
function alarms(targets: readonly AlarmTarget[], path = join(directory, `${++files}.db`), log: Logger = silentLogger) {
  const random = () => 0.5
  const backoff = { first: 20, steady: 1, limit: 60 }
  const made = new Alarms({ ...context, log, path, site: SITE, settings: settings(...targets), random, backoff })
  rest.push(() => made.close())
  return made
}

/** A camera goes away at START, and comes back after `back` seconds; looks up to `until` seconds. */
function outage(made: Alarms, until: number, back = Number.POSITIVE_INFINITY, from = 0): void {
  for (let second = from; second <= until; second += 5) {
    const lastRecorded = START + (second >= back ? second * 1_000 : 0)
    const camera = {
      camera: 'gate-1',
      wanted: true,
      since: 0,
      coverage: null,
      detail: '10.0.1.7:554 refused',
      host: '10.0.1.7',
    }
    made.observe({ cameras: [{ ...camera, lastRecorded, reason: 'refused' }], headroom: null }, START + second * 1_000)
  }
}

const kinds = (posts: readonly Post[]) => posts.map(({ body }) => JSON.parse(body).kind)

describe('a webhook', () => {
  it('gets the message as JSON, signed with its time', async () => {
    const receiver = await new Receiver((_, response) => response.end()).listen()
    outage(alarms([receiver.target()]), 80)
    await expect.poll(() => receiver.posts.length).toBe(1)
    const { headers, body } = receiver.posts[0]!
    const time = Number(headers['x-vmsctl-timestamp'])
    expect(Math.abs(time - Date.now() / 1_000)).toBeLessThan(60)
    expect(headers['x-vmsctl-signature']).toBe(webhookSignature(KEY, time, body))
    expect(webhookSignature(KEY, time + 1, body)).not.toBe(headers['x-vmsctl-signature'])
    expect(JSON.parse(body)).toMatchObject({
      version: 1,
      id: headers['x-vmsctl-id'],
      site: 'depot',
      kind: 'raised',
      text: 'gate-1 is not recorded since 2027-01-15 09:00:00: 10.0.1.7:554 refused.',
      network: '10.0.1.0/24',
      alarms: [{ camera: 'gate-1', since: '2027-01-15T09:00:00+01:00', reason: 'refused', host: '10.0.1.7' }],
    })
  })

  it('is tried again, with the same id and in order, until it takes the message', async () => {
    const receiver = await new Receiver((n, response) => {
      response.statusCode = n < 3 ? 500 : 200
      response.end()
    }).listen()
    outage(alarms([receiver.target()]), 300, 150)
    await expect.poll(() => kinds(receiver.posts)).toEqual(['raised', 'raised', 'raised', 'cleared'])
    expect(new Set(receiver.posts.map(({ headers }) => headers['x-vmsctl-id'])).size).toBe(2)
  })

  it('that hangs holds up nothing', async () => {
    const receiver = await new Receiver((n, response) => {
      if (n > 1) response.end()
    }).listen()
    outage(alarms([receiver.target()]), 80)
    await expect.poll(() => receiver.posts.length, { timeout: 5_000 }).toBe(2)
  })

  it('that is down for long gets all that it missed, also after a restart of ours', async () => {
    const gone = await new Receiver((_, response) => response.end()).listen()
    await gone.close()
    rest.pop()
    const path = join(directory, 'restart.db')
    const first = alarms([gone.target()], path)
    outage(first, 80)
    expect(first.raised()).toMatchObject([{ camera: 'gate-1', told: true }])
    await first.close()
    rest.pop()
    expect(readRaised(path)).toEqual([expect.objectContaining({ camera: 'gate-1', since: START })])
    // The restart neither forgets the alarm nor tells it again.
    const second = alarms([gone.target()], path)
    outage(second, 300, 150, 85)
    const back = new Receiver((_, response) => response.end())
    back.port = gone.port
    await back.listen()
    await expect.poll(() => kinds(back.posts), { timeout: 5_000 }).toEqual(['raised', 'cleared'])
    expect(second.raised()).toEqual([])
  })

  it('is not followed to elsewhere, and its path is in no message', async () => {
    const elsewhere = await new Receiver((_, response) => response.end()).listen()
    const receiver = await new Receiver((_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${elsewhere.port}/` }).end()
    }).listen()
    const test = sendTest(receiver.target(), SITE, context)
    await expect(test).rejects.toMatchObject({
      code: 'VMS_E_ALARM_DELIVERY',
      message: `webhook http://127.0.0.1:${receiver.port}: status 302`,
    })
    expect(elsewhere.posts).toEqual([])
  })
})

describe('a command', () => {
  const out = join(directory, 'out')
  /** A shell script of ours; `$1` and on are what the configuration says. */
  function script(text: string): string {
    const path = join(directory, `script-${++files}`)
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return path
  }
  const command = (argv: readonly string[], timeout = 5_000): AlarmTarget => ({
    kind: 'command',
    name: 'page',
    argv,
    timeout,
  })

  it('gets the message on its standard input, its words as they are, and no secret of ours', async () => {
    const program = script(`cat > ${out}; printf '%s\\n' "$@" >> ${out}; env >> ${out}`)
    await sendTest(command([program, 'a b', '$(touch /nowhere)', ';']), SITE, context)
    const [letter, ...lines] = readFileSync(out, 'utf8').split('\n')
    expect(JSON.parse(letter!)).toMatchObject({ kind: 'test', site: 'depot', alarms: [] })
    expect(lines.slice(0, 3)).toEqual(['a b', '$(touch /nowhere)', ';'])
    expect(lines.join('\n')).not.toContain('hidden')
  })

  it('that fails is said with its last words, and tried again', async () => {
    const marker = join(directory, 'marker')
    const program = script(
      `cat > /dev/null; [ -e ${marker} ] || { touch ${marker}; echo 'no network' >&2; exit 3; }; echo done > ${out}`,
    )
    await expect(sendTest(command([program]), SITE, context)).rejects.toThrow(/exit code 3: no network$/)
    rmSync(marker)
    rmSync(out)
    outage(alarms([command([program])]), 80)
    await expect.poll(() => existsSync(out), { timeout: 5_000 }).toBe(true)
  })

  it('that does not end is killed with all that it started', async () => {
    const pid = join(directory, 'pid')
    const program = script(`sleep 60 & echo $! > ${pid}; wait`)
    await expect(sendTest(command([program], 300), SITE, context)).rejects.toThrow(/no end within 0.3 s/)
    const identity = readIdentity(Number(readFileSync(pid, 'utf8')))
    await expect.poll(() => identity !== undefined && isRunning(identity)).toBe(false)
  })

  it('that is not there, or does not read, is no trouble of ours', async () => {
    await expect(sendTest(command(['/nowhere/page']), SITE, context)).rejects.toThrow(/ENOENT/)
    await sendTest(command(['true']), SITE, context)
  })
})

describe('the journal', () => {
  it('gets a line with its level', async () => {
    const lines: string[] = []
    const say = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`)
    const log: Logger = {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      child: () => log,
    }
    outage(alarms([{ kind: 'journal', name: 'journal' }], undefined, log), 300, 150)
    await expect
      .poll(() => lines)
      .toEqual([
        'error gate-1 is not recorded since 2027-01-15 09:00:00: 10.0.1.7:554 refused.',
        'info gate-1 is recorded again.',
      ])
  })
})

describe('a disk that is full', () => {
  /** The file of alarms takes no more `event`; gives how to let it take them again. */
  function refuse(path: string, event: 'INSERT' | 'DELETE'): () => void {
    const database = new DatabaseSync(path)
    rest.push(() => database.close())
    const full = "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
    database.exec(`CREATE TRIGGER full BEFORE ${event} ON outbox ${full}`)
    return () => database.exec('DROP TRIGGER full')
  }

  it('keeps no alarm from being told, and none is told twice when there is room again', async () => {
    const receiver = await new Receiver((_, response) => response.end()).listen()
    const path = join(directory, 'full.db')
    const made = alarms([receiver.target()], path)
    const again = refuse(path, 'INSERT')
    outage(made, 80)
    await expect.poll(() => kinds(receiver.posts)).toEqual(['raised'])
    expect(readRaised(path)).toMatchObject([{ told: false }])
    again()
    outage(made, 300, 150, 85)
    await expect.poll(() => kinds(receiver.posts)).toEqual(['raised', 'cleared'])
    expect(readRaised(path)).toEqual([])
  })

  it('does not make what was delivered be delivered again and again', async () => {
    const receiver = await new Receiver((_, response) => response.end()).listen()
    const path = join(directory, 'full-after.db')
    const made = alarms([receiver.target()], path)
    const again = refuse(path, 'DELETE')
    outage(made, 80)
    await expect.poll(() => kinds(receiver.posts)).toEqual(['raised'])
    outage(made, 300, 150, 85)
    await expect.poll(() => kinds(receiver.posts)).toEqual(['raised', 'cleared'])
    again()
    outage(made, 600, 310, 305)
    outage(made, 700, Number.POSITIVE_INFINITY, 605)
    await expect.poll(() => kinds(receiver.posts)).toEqual(['raised', 'cleared', 'raised'])
  })
})

describe('AlarmStore', () => {
  it('holds as many messages as it may, and loses the oldest', () => {
    const store = new AlarmStore(join(directory, 'bounded.db'), 3)
    rest.push(() => store.close())
    const posts = ['a', 'b', 'c', 'd', 'e'].map(id => ({ target: 'x', id, at: 1, letter: '{}' }))
    expect(store.save({ at: 1, alarms: new Map() }, posts)).toEqual(new Map([['x', 2]]))
    expect(store.next('x')?.id).toBe('c')
    store.done('x', store.next('x')!)
    expect(store.next('x')?.id).toBe('d')
    expect(store.next('x', store.next('x')!.turn)?.id).toBe('e')
    store.done('x', { id: 'e', at: 1, letter: '{}' })
    expect(store.next('x', store.next('x')!.turn)).toBeUndefined()
    store.keepTargets(['y'])
    expect(store.next('x')).toBeUndefined()
  })
})
