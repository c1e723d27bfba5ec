import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkRelayFile } from '../../../src/streaming/mediamtx/check/check-file.ts'
import { planRelay } from '../../../src/streaming/mediamtx/render/plan.ts'
import { renderRelay } from '../../../src/streaming/mediamtx/render/render.ts'
import type { RelayVersion } from '../../../src/streaming/mediamtx/version.ts'
import { camera, site } from '../../daemon/site.ts'

const sub = camera('x').main
const render = (over: Parameters<typeof site>[1] = {}, version: RelayVersion = '1.20.1') =>
  renderRelay(planRelay(site([camera('gate-1', { sub }), camera('hall')], over), version))
const settings = site([]).mediamtx

describe('the configuration of MediaMTX', () => {
  it('has a path for each stream, pulled on demand from the gateway, and let go at once', () => {
    const { paths, pathDefaults, hlsMuxerCloseAfter } = parse(render())
    expect(paths).toEqual({
      'live/gate-1': { source: 'rtsp://127.0.0.1:8654/gate-1/sub?for=mediamtx' },
      'main/gate-1': { source: 'rtsp://127.0.0.1:8654/gate-1/main?for=mediamtx' },
      'live/hall': { source: 'rtsp://127.0.0.1:8654/hall/main?for=mediamtx' },
      'main/hall': { source: 'rtsp://127.0.0.1:8654/hall/main?for=mediamtx' },
    })
    expect(pathDefaults).toMatchObject({ sourceOnDemand: true, sourceOnDemandCloseAfter: '1s', rtspTransport: 'tcp' })
    expect(hlsMuxerCloseAfter).toBe('10s')
  })

  it('asks the daemon who may watch, and hides nothing from it', () => {
    expect(parse(render())).toMatchObject({
      authMethod: 'http',
      authHTTPAddress: 'http://127.0.0.1:8656/mediamtx/auth',
      authHTTPExclude: [],
      api: true,
      apiAddress: '127.0.0.1:9997',
    })
  })

  it('holds no secret: passwords of ICE servers come from the environment', () => {
    const credentials = { username: 'me', password: { kind: 'inline' as const, value: 'hunter2' } }
    const text = render({ mediamtx: { ...settings, iceServers: [{ url: 'turn:h:1', credentials }] } })
    expect(text).not.toContain('hunter2')
    expect(text).toContain('# MTX_WEBRTCICESERVERS2_0_PASSWORD holds the password of turn:h:1.')
    expect(parse(text).webrtcICEServers2).toEqual([{ url: 'turn:h:1', username: 'me' }])
  })

  it("turns off what has the port 0, and has the owner's segments where they are wanted", () => {
    const ports = { rtsp: 0, webrtc: 0, webrtcUdp: 0, hls: 8888, rtmp: 0 }
    expect(parse(render({ mediamtx: { ...settings, ports, hls: 'segments' } }))).toMatchObject({
      rtsp: false,
      webrtc: false,
      rtmp: false,
      hls: true,
      hlsVariant: 'fmp4',
      hlsSegmentCount: 6,
      hlsSegmentDuration: '2s',
    })
  })

  it('listens on every address as :port, and reaches the gateway where it listens', () => {
    const gateway = { host: '::', port: 8654, credentials: undefined, linger: 30_000 }
    const document = parse(render({ gateway, mediamtx: { ...settings, host: '0.0.0.0' } }))
    expect(document.hlsAddress).toBe(':8888')
    expect(document.paths['live/hall'].source).toBe('rtsp://[::1]:8654/hall/main?for=mediamtx')
  })

  it('is accepted by every version it is rendered for, whatever cameras are called', () => {
    const id = fc.oneof(
      fc.constantFrom(
        'on',
        'no',
        'y',
        'null',
        '1e3',
        '0x1F',
        '0o7',
        '12_0',
        '1.0',
        '.5x',
        '-1',
        '2001-01-01',
        'all',
        'true',
      ),
      fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/),
    )
    const ids = fc.uniqueArray(
      id.filter(text => /^[A-Za-z0-9_]/.test(text)),
      { maxLength: 6 },
    )
    const versions = fc.constantFrom<RelayVersion>(
      '1.15.0',
      '1.15.6',
      '1.16.3',
      '1.17.1',
      '1.18.2',
      '1.19.0',
      '1.19.3',
      '1.20.1',
    )
    fc.assert(
      fc.property(ids, versions, (ids, version) => {
        const text = renderRelay(planRelay(site(ids.map(id => camera(id))), version))
        expect(checkRelayFile(text, 'm.yml', version)).toEqual({ faults: [], warnings: [], paths: 2 * ids.length })
        for (const schema of ['core', 'yaml-1.1'] as const)
          expect(Object.keys(parse(text, { schema }).paths ?? {})).toEqual(
            ids.flatMap(id => [`live/${id}`, `main/${id}`]),
          )
      }),
      { numRuns: 60 },
    )
  })
})
