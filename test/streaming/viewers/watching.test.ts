import { describe, expect, it } from 'vitest'
import type { Lease } from '../../../src/streaming/viewers/lease.ts'
import type { SessionSource, ViewerSession } from '../../../src/streaming/viewers/session-source.ts'
import { countPeople, viewersOf } from '../../../src/streaming/viewers/viewers.ts'
import { compareSessions, type Watching } from '../../../src/streaming/viewers/watching.ts'

const wall = Date.UTC(2026, 10, 25)
const source: SessionSource = { name: 'media workers', list: async () => [], end: async () => true }

function session(over: Partial<ViewerSession> = {}): ViewerSession {
  return {
    id: 's1',
    camera: 'gate',
    stream: 'sub',
    protocol: 'rtsp',
    user: 'anna',
    token: null,
    client: 'VLC',
    address: '10.0.0.7',
    connectedAt: wall,
    lastSeen: wall,
    bytes: 0,
    relay: false,
    ...over,
  }
}

/** Two looks, a second apart. */
function twoLooks(first: readonly ViewerSession[], second: readonly ViewerSession[]) {
  const listed = (sessions: readonly ViewerSession[]) => sessions.map(each => ({ session: each, source }))
  const before = compareSessions(new Map(), listed(first), { now: 5_000, wall })
  return compareSessions(before.all, listed(second), { now: 6_000, wall: wall + 1_000 })
}

describe('two looks at who watches', () => {
  it('tell who came, who stayed at which rate, and who went', () => {
    const changes = twoLooks(
      [session(), session({ id: 's2' })],
      [session({ bytes: 125_000, lastSeen: wall + 1_000 }), session({ id: 's3' })],
    )
    expect(changes.came.map(each => each.session.id)).toEqual(['s3'])
    expect(changes.went.map(each => each.watching.session.id)).toEqual(['s2'])
    expect([...changes.all.values()].map(({ bitrate }) => bitrate)).toEqual([1_000_000, 0])
  })

  it('take the present for the time at which an RTSP viewer left, and the last request of an HLS viewer', () => {
    const leftAt = (lastSeen: number) => twoLooks([session({ lastSeen })], []).went[0]!.left
    expect(leftAt(wall)).toBe(wall + 1_000)
    expect(leftAt(wall - 9_000)).toBe(wall - 9_000)
  })

  it('take one who changed to another stream for one who went and one who came', () => {
    const { came, went } = twoLooks([session()], [session({ stream: 'main' })])
    expect([came.length, went.length]).toEqual([1, 1])
  })
})

describe('the list of viewers', () => {
  const watching = (over: Partial<ViewerSession>): Watching => ({
    session: session(over),
    source,
    bitrate: 200_000,
    at: 0,
  })
  const lease = (over: Partial<Lease>): Lease => ({
    id: 'l1',
    camera: 'gate',
    stream: 'sub',
    user: 'ben',
    since: wall,
    until: wall + 30_000,
    protocol: null,
    client: null,
    token: null,
    expires: null,
    ...over,
  })

  it('counts a person once, however often it is connected, and names who did not say', () => {
    const viewers = viewersOf(
      [watching({}), watching({ id: 's2' }), watching({ id: 's3', user: null })],
      [lease({ user: 'anna' }), lease({ id: 'l2' })],
      wall,
    )
    expect(viewers.map(({ user, state }) => `${user} ${state}`)).toEqual([
      'ben expected',
      'anna watching',
      'anna watching',
      'local watching',
    ])
    expect(countPeople(viewers)).toBe(3)
  })

  it('knows by its token who came of a connect, and what program it is', () => {
    const came = lease({ id: 'c1', user: 'cleo', token: 't1', client: 'wall-3', until: 0, expires: wall + 60_000 })
    expect(viewersOf([watching({ user: null, token: 't1' })], [came], wall)).toMatchObject([
      { user: 'cleo', client: 'wall-3', connection: 'c1', state: 'watching' },
    ])
  })

  it('forgets who was expected and did not come', () => {
    expect(viewersOf([], [lease({})], wall + 30_000)).toEqual([])
  })
})
