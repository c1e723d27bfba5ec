import { networkInterfaces } from 'node:os'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signToken } from '../../../src/access/sign-token.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { GatewayGate } from '../../../src/media/gateway/gateway-gate.ts'
import { isForOurs, tokenOf } from '../../../src/media/gateway/reader-credentials.ts'
import type { Admission, Visitor } from '../../../src/media/rtsp-server/index.ts'
import { parseTarget } from '../../../src/media/rtsp-server/request-target.ts'
import { TokenGate } from '../../../src/media/viewers/index.ts'
import type { GatewaySettings } from '../../../src/media/worker/protocol.ts'
import { Authenticator, RtspHeaders, type RtspRequest } from '../../../src/wire/rtsp/index.ts'
import { grantOf, newKeys } from '../../access/support.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const LOCAL: GatewaySettings = { host: '127.0.0.1', port: 0, username: undefined, password: undefined, linger: 0 }
const OPEN: GatewaySettings = { ...LOCAL, host: '0.0.0.0' }
const LOCKED: GatewaySettings = { ...OPEN, username: 'wall', password: 'secret' }
const AWAY = '10.1.2.3'

const keys = newKeys()
const clock = new FakeClock()
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
let token = ''
let tokens: TokenGate
let gate: GatewayGate

beforeAll(async () => {
  token = await signToken(grantOf(clock.wall()), clock.wall(), keys)
})
beforeEach(() => {
  tokens = new TokenGate(clock)
  tokens.apply({ keys: [keys.public], revoked: [] })
  gate = new GatewayGate({ tokens, clock, log: silentLogger })
})

interface Ask {
  readonly path?: string
  readonly from?: string
  readonly authorization?: string | undefined
  readonly visitor?: Visitor | undefined
}

function requestOf(uri: string, authorization?: string): RtspRequest {
  const headers = new RtspHeaders([['CSeq', '1']])
  if (authorization !== undefined) headers.add('Authorization', authorization)
  return { type: 'request', method: 'DESCRIBE', uri, headers, body: Buffer.alloc(0) }
}

function ask({ path = '/gate-1/sub', from = '127.0.0.1', authorization, visitor }: Ask = {}): Promise<Admission> {
  const uri = `rtsp://nvr:8654${path}`
  const peer = { address: from, port: 5_000 }
  return gate.admit({ request: requestOf(uri, authorization), target: parseTarget(uri), peer, visitor })
}

const user = async (asked: Ask) => {
  const answer = await ask(asked)
  return 'visitor' in answer ? answer.visitor.user : answer.status
}

describe('without a login, on loopback', () => {
  beforeEach(() => gate.apply(LOCAL))

  it('lets anybody in, by name who wants one', async () => {
    expect(await user({})).toBeNull()
    expect(await user({ path: `/gate-1/sub?token=${token}` })).toBe('anna')
    expect(await user({ authorization: basic('whoever', token) })).toBe('anna')
    // A login that nobody asked for is no token.
    expect(await user({ authorization: 'Digest username="x", realm="y", nonce="z", uri="/", response="0"' })).toBeNull()
  })

  it('refuses a token that does not hold, or not for this camera', async () => {
    expect(await user({ path: '/gate-1/sub?token=nonsense' })).toBe(401)
    expect(await user({ path: '/gate-1/sub?token=' })).toBe(401)
    expect(await user({ authorization: basic('anna', 'secret') })).toBe(401)
    expect(await user({ path: `/hall/sub?token=${token}` })).toBe(403)
  })
})

describe('open to the network', () => {
  beforeEach(() => gate.apply(OPEN))

  it('asks for a token, and takes it for its cameras until it ends', async () => {
    expect(await ask({ from: AWAY })).toEqual({
      status: 401,
      reason: 'Unauthorized',
      challenges: ['Basic realm="vmsctl"'],
    })
    expect(await user({})).toBe(401)
    expect(await user({ from: AWAY, authorization: basic('a:b', token) })).toBe('anna')
    expect(await user({ from: AWAY, path: '/gate-2/sub', authorization: basic('', token) })).toBe(403)
    tokens.apply({ keys: [keys.public], revoked: ['token-1'] })
    expect(await ask({ from: AWAY, authorization: basic('', token) })).toMatchObject({
      status: 401,
      reason: 'Unauthorized: token revoked',
    })
  })

  it('remembers who it was on the connection, as long as the token holds', async () => {
    const first = await ask({ from: AWAY, path: `/gate-1/sub?token=${token}` })
    const visitor = 'visitor' in first ? first.visitor : undefined
    expect(await user({ from: AWAY, path: '/gate-1/sub/trackID=0', visitor })).toBe('anna')
    expect(await user({ from: AWAY, path: '/hall/main', visitor })).toBe(403)
    tokens.apply({ keys: [keys.public], revoked: ['token-1'] })
    expect(await user({ from: AWAY, path: '/gate-1/sub/trackID=0', visitor })).toBe(401)
  })

  it('lets our own programs in without one, from this machine only', async () => {
    const own = Object.values(networkInterfaces()).flatMap(all => all?.map(({ address }) => address) ?? [])
    for (const from of ['127.0.0.1', '::1', '::ffff:127.0.0.1', ...own])
      expect(await ask({ from, path: '/gate-1/sub?for=mediamtx' })).toMatchObject({
        visitor: { relay: true, user: null },
      })
    expect(await ask({ path: '/gate-1/main?x=1&for=ffmpeg' })).toMatchObject({ visitor: { relay: true } })
    for (const from of [AWAY, '203.0.113.7', '::ffff:10.1.2.3', '2001:db8::7'])
      expect(await user({ from, path: '/gate-1/sub?for=mediamtx' })).toBe(401)
    // Later requests of the connection need not say it again; those of another do.
    const visitor: Visitor = { user: null, grant: undefined, relay: true }
    expect(await ask({ path: '/gate-1/sub/trackID=0', visitor })).toEqual({ visitor })
  })
})

describe('with a login', () => {
  beforeEach(() => gate.apply(LOCKED))

  const digest = async (password: string) => {
    const client = new Authenticator({ username: 'wall', password }, () => 0.5)
    const answer = await ask({ from: AWAY })
    const headers = new RtspHeaders()
    for (const line of 'challenges' in answer ? (answer.challenges ?? []) : []) headers.add('WWW-Authenticate', line)
    client.challenged({ type: 'response', status: 401, reason: '', headers, body: Buffer.alloc(0) }, false, 0)
    return client.authorization('DESCRIBE', 'rtsp://nvr:8654/gate-1/sub')
  }

  it('takes it by Digest, and a token as well', async () => {
    expect(await user({ from: AWAY, authorization: await digest('secret') })).toBe('wall')
    expect(await user({ from: AWAY, authorization: await digest('wrong') })).toBe(401)
    expect(await user({ from: AWAY, path: `/gate-1/sub?token=${token}` })).toBe('anna')
    expect(await user({ from: AWAY, authorization: basic('', token) })).toBe('anna')
    expect(await user({})).toBe(401)
  })

  it('does not take, nor ask for, its password in the clear', async () => {
    expect(await user({ from: AWAY, authorization: basic('wall', 'secret') })).toBe(401)
    const answer = await ask({ from: AWAY })
    expect('challenges' in answer && answer.challenges?.every(line => line.startsWith('Digest '))).toBe(true)
  })

  it('keeps its nonces when it is told the same again', async () => {
    const authorization = await digest('secret')
    gate.apply({ ...LOCKED })
    expect(await user({ from: AWAY, authorization })).toBe('wall')
    gate.apply({ ...LOCKED, password: 'other' })
    expect(await user({ from: AWAY, authorization })).toBe(401)
  })
})

describe('what a request says', () => {
  it.each([
    ['for=mediamtx', true],
    ['for=mediamtx/trackID=0', true],
    ['x=1&for=ffmpeg&y=2', true],
    ['for=mediamtx2', false],
    ['for=mediamtx-x', false],
    ['xfor=mediamtx', false],
    ['for=', false],
    ['', false],
  ])('%s is for ours: %s', (query, expected) => expect(isForOurs(query)).toBe(expected))

  it('finds the token wherever clients put it', () => {
    const plain = requestOf('rtsp://h/a/sub')
    expect(tokenOf(plain, 'token=a.b-c_d/trackID=0')).toBe('a.b-c_d')
    expect(tokenOf(plain, 'x=1&token=a.b')).toBe('a.b')
    expect(tokenOf(plain, 'mytoken=a.b')).toBeUndefined()
    expect(tokenOf(requestOf('rtsp://h/a/sub', basic('u', 'a.b')), 'token=c.d')).toBe('c.d')
    expect(tokenOf(requestOf('rtsp://h/a/sub', 'Digest username="a"'), '')).toBeUndefined()
  })

  it('survives any bytes, and lets nobody in for them', async () => {
    gate.apply(OPEN)
    const text = fc.string({ unit: 'binary', maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(text, text, async (query, header) => {
        for (const authorization of [header, `Basic ${header}`, basic(header, query)])
          expect(await user({ from: AWAY, path: `/gate-1/sub?token=${query}`, authorization })).toBe(401)
        expect(await user({ from: AWAY, path: `/gate-1/sub?${query}`, authorization: header })).toBe(401)
      }),
    )
  })
})
