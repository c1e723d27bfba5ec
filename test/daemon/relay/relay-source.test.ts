import { beforeEach, describe, expect, it } from 'vitest'
import { RelaySource } from '../../../src/daemon/relay/relay-source.ts'
import { Tickets } from '../../../src/daemon/relay/tickets.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { TokenGate } from '../../../src/media/viewers/index.ts'
import { openLive } from '../../../src/streaming/index.ts'
import { admissionTable } from '../../../src/streaming/mediamtx/auth/admission-table.ts'
import { Admissions } from '../../../src/streaming/mediamtx/auth/admissions.ts'
import type { TokenGrant } from '../../../src/streaming/mediamtx/auth/judge.ts'
import type { RelayServer } from '../../../src/streaming/mediamtx/relay-server.ts'
import type { RelayViewer } from '../../../src/streaming/mediamtx/relay-sessions.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const clock = new FakeClock()
let tokens: TokenGate
let watching: RelayViewer[]
let grants: Map<string, TokenGrant>
let ended: string[]
let running: RelayServer | undefined

const viewer = (id: string, over: Partial<RelayViewer> = {}): RelayViewer => ({
  ...{ id, camera: 'gate-1', stream: 'sub', protocol: 'webrtc', user: 'anna', token: `j-${id}`, client: null },
  ...{ address: '10.0.0.1', connectedAt: 0, lastSeen: clock.wall(), bytes: 1, relay: false },
  ...over,
})
const grant = (jti: string, life: number): TokenGrant => ({
  ...{ user: 'anna', cameras: ['*'], jti },
  expires: clock.wall() + life,
})

beforeEach(() => {
  tokens = new TokenGate(clock)
  watching = []
  grants = new Map()
  ended = []
  const sessions = {
    list: async () => watching,
    grantOf: (id: string) => grants.get(id),
    end: async (id: string) => {
      if (id === 'stubborn') throw new Error('it does not answer')
      ended.push(id)
      return true
    },
  }
  running = { sessions } as unknown as RelayServer
})
const source = () => new RelaySource({ relay: () => running, tokens, now: () => clock.wall(), log: silentLogger })

describe('who watches at MediaMTX', () => {
  it('is ended with the look after its token ran out, or was taken back; others are let be', async () => {
    watching = [viewer('a'), viewer('b'), viewer('c'), viewer('unknown', { token: null, user: null })]
    grants = new Map([
      ['a', grant('j-a', 5_000)],
      ['b', grant('j-b', 60_000)],
      ['c', grant('j-c', 60_000)],
    ])
    expect(await source().list()).toHaveLength(4)
    expect(ended).toEqual([])
    clock.advance(5_000)
    tokens.apply({ keys: [], revoked: ['j-b'] })
    watching = watching.map(each => ({ ...each, lastSeen: clock.wall() }))
    const looked = source()
    await looked.list()
    expect(ended).toEqual(['a', 'b'])
    expect(['a', 'b', 'c', 'a'].map(id => looked.howEnded(id))).toEqual([
      'its token ran out',
      'its token was taken back',
      undefined,
      undefined,
    ])
  })

  it('a browser of which nothing is heard is ended, and nobody who is quiet by nature', async () => {
    const lastSeen = clock.wall() - 16_000
    watching = [viewer('a', { lastSeen }), viewer('b'), viewer('c', { protocol: 'hls', lastSeen })]
    await source().list()
    expect(ended).toEqual(['a'])
  })

  it('is nobody while none runs, and told all the same where one cannot be ended', async () => {
    watching = [viewer('stubborn', { lastSeen: 0 })]
    expect(await source().list()).toHaveLength(1)
    running = undefined
    expect(await source().list()).toEqual([])
    expect(await source().end('a')).toBe(false)
  })
})

it('a ticket opens one camera for 20 s, and a foreign one nothing', () => {
  const tickets = new Tickets(clock)
  const ticket = tickets.give('gate-1')
  expect(tickets.grant(ticket)).toMatchObject({ user: 'local', cameras: ['gate-1'] })
  expect(tickets.grant('ticket-of-nobody')).toBeUndefined()
  clock.advance(20_000)
  expect(tickets.grant(ticket)).toBeUndefined()
})

it('who was let in is known to the daemon that comes next', () => {
  const { database } = openLive(':memory:', new Date(0))
  const first = new Admissions(admissionTable(database))
  const anna = grant('j-a', 1_000)
  first.remember('session-1', anna)
  first.remember('session-1', anna)
  first.remember('', anna)
  const next = new Admissions(admissionTable(database))
  expect(next.find(['unknown', 'session-1'])).toEqual(anna)
  expect(next.find([''])).toBeUndefined()
  expect(database.prepare('SELECT count(*) AS rows FROM relay_admission').get()).toEqual({ rows: 1 })
  database.close()
})
