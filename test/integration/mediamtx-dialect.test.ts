import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkRelayFile } from '../../src/streaming/mediamtx/check/check-file.ts'
import { dialectOf } from '../../src/streaming/mediamtx/dialects/dialect.ts'
import { planRelay } from '../../src/streaming/mediamtx/render/plan.ts'
import { renderRelay } from '../../src/streaming/mediamtx/render/render.ts'
import { knownVersion, parseRelayVersion } from '../../src/streaming/mediamtx/version.ts'
import { camera, site } from '../daemon/site.ts'
import { hasProgram } from '../support/programs.ts'
import { freePorts, startRelay } from '../support/relay.ts'

const present = hasProgram('mediamtx', ['--version'])
const dir = mkdtempSync(join(tmpdir(), 'vms-dialect-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const OFF = 'rtsp: no\nrtmp: no\nhls: no\nwebrtc: no\nsrt: no\nmoq: no\napi: yes\n'

describe.skipIf(!present)('the key tables against the real MediaMTX', () => {
  const installed = present ? parseRelayVersion(String(execFileSync('mediamtx', ['--version'])))! : '1.20.1'
  const { version } = knownVersion(installed)
  const dialect = dialectOf(version)
  const current = (scope: 'global' | 'path') =>
    [...dialect.keys[scope]].filter(([, { deprecated }]) => deprecated === undefined)

  it('have every key that it has, with its type and default, and no other', async () => {
    const [port] = await freePorts(1)
    await using relay = await startRelay(dir, `${OFF}apiAddress: 127.0.0.1:${port}\n`)
    expect(relay.said()).toContain('API')
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}/v3/config/${path}`)).json()
    const changed = ['rtsp', 'rtmp', 'hls', 'webrtc', 'srt', 'moq', 'api', 'apiAddress', 'authInternalUsers']
    for (const [scope, path] of [
      ['global', 'global/get'],
      ['path', 'pathdefaults/get'],
    ] as const) {
      const has = (await get(path)) as Record<string, unknown>
      expect(
        Object.keys(has)
          .filter(key => key !== 'name')
          .sort(),
      ).toEqual(
        current(scope)
          .map(([key]) => key)
          .sort(),
      )
      for (const [key, { default: value }] of current(scope))
        if (!changed.includes(key)) expect([key, normal(has[key])]).toEqual([key, normal(value)])
    }
  })

  it('gives a configuration that it takes, without a word of warning', async () => {
    const [api, rtsp, webrtc, webrtcUdp, hls, rtmp] = (await freePorts(6)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const cameras = [camera('on'), camera('no'), camera('1e3', { sub: camera('x').main }), camera('0x1F')]
    const base = site(cameras)
    const settings = {
      ...base.mediamtx,
      api: { host: '127.0.0.1', port: api },
      ports: { rtsp, webrtc, webrtcUdp, hls, rtmp },
      webrtcHosts: ['vms.example.org'],
      iceServers: [
        { url: 'stun:127.0.0.1:3478', credentials: undefined },
        { url: 'turn:127.0.0.1:3478', credentials: { username: 'no', password: { kind: 'env' as const, name: 'X' } } },
      ],
    }
    for (const hlsVariant of ['low-latency', 'segments'] as const) {
      const plan = planRelay({ ...base, mediamtx: { ...settings, hls: hlsVariant } }, version)
      const text = renderRelay(plan)
      expect(checkRelayFile(text, 'x', version)).toEqual({ faults: [], warnings: [], paths: 8 })
      await using relay = await startRelay(dir, text)
      expect(relay.said()).not.toMatch(/ (WAR|ERR) /)
      for (const port of [rtsp, webrtc, webrtcUdp, hls, rtmp]) expect(relay.said()).toContain(`:${port}`)
    }
  })

  it('says of the same files that they are refused', async () => {
    const [port] = await freePorts(1)
    const start = `${OFF}apiAddress: 127.0.0.1:${port}\n`
    const bad = [
      'nonsense: 1',
      'logLevel: loud',
      'readTimeout: 10',
      'readTimeout: 0s',
      'writeQueueSize: 500',
      'udpMaxPayloadSize: 2000',
      'logFile: 12',
      'logFile: no',
      'hlsAlwaysRemux: "yes"',
      'hlsSegmentCount: "7"',
      'hlsSegmentMaxSize: 50',
      'rtspTransports: tcp',
      'rtspTransports: [quic]',
      'apiTrustedProxies: [10.0.0.0/33]',
      'authMethod: http',
      'authInternalUsers: [{ user: any, permissions: [{ action: watch }] }]',
      'authInternalUsers: [{ user: any, colour: red }]',
      'paths: { "live/~^a$": { source: "rtsp://h/x", sourceOnDemand: yes } }',
      'paths: { "~(": }',
      'paths: { "a b": }',
      'paths: { "/a": }',
      'paths: { "a/../b": }',
      'paths: { a: { source: "gopher://h" } }',
      'paths: { a: { sourceOnDemand: yes } }',
      'paths: { "~^a$": { source: "rtsp://h/x" } }',
      'paths: { a: { source: "rtsp://h/x", runOnDemand: x } }',
      'paths: { a: { webrtcEnabled: yes } }',
      'paths: { a: { hlsSegmentCount: 6 } }',
      'paths: { a: { sourceProtocol: rtsp } }',
      'paths: { all: , all_others: }',
      'pathDefaults: { nonsense: 1 }',
      'a: 1\na: 2',
    ]
    const good = [
      'logLevel: debug',
      'readTimeout: 1m30s',
      'readTimeout: 1d',
      'logFile: "12"',
      'logFile:',
      'hlsAlwaysRemux: on',
      'hlsSegmentMaxSize: 50MB',
      'apiTrustedProxies: [10.0.0.1, "fd00::/8"]',
      'paths:',
      'paths: { a: , "~^b/(.+)$": { source: "rtsp://h/$G1", sourceOnDemand: yes } }',
      'pathDefaults: { recordDeleteAfter: 0s }',
      'paths: { a: { runOnReady: x, readUser: me, readPass: pw, readIPs: [10.0.0.0/8] } }',
      'pathDefaults: &d { source: publisher }\npaths: { a: *d }',
    ]
    for (const lines of [...bad, ...good]) {
      const text = `${start}${lines}\n`
      const refused = await startRelay(dir, text).then(
        relay => relay[Symbol.asyncDispose]().then(() => undefined),
        (error: Error) => error.message,
      )
      const { faults } = checkRelayFile(text, 'x', version)
      expect([lines, refused === undefined ? 'taken' : 'refused', refused?.slice(0, 200)]).toEqual([
        lines,
        faults.length === 0 ? 'taken' : 'refused',
        refused?.slice(0, 200),
      ])
      expect([lines, faults.length > 0]).toEqual([lines, bad.includes(lines)])
    }
  })
})

/** Times as MediaMTX prints them, lists in one order: some are sets. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return [...value].sort()
  const known: Record<string, unknown> = { '60s': '1m0s', '1h': '1h0m0s', '24h': '1d' }
  return typeof value === 'string' && Object.hasOwn(known, value) ? known[value] : value
}
