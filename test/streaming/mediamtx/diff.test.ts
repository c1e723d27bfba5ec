import { describe, expect, it } from 'vitest'
import { VmsError } from '../../../src/kernel/errors.ts'
import { diffRelay, interrupted } from '../../../src/streaming/mediamtx/change/diff.ts'
import { fileConfig, plannedConfig } from '../../../src/streaming/mediamtx/change/relay-config.ts'
import { sameSetting } from '../../../src/streaming/mediamtx/change/same-value.ts'
import { planRelay } from '../../../src/streaming/mediamtx/render/plan.ts'
import { renderRelay } from '../../../src/streaming/mediamtx/render/render.ts'
import { camera, site } from '../../daemon/site.ts'

const V = '1.20.1'
const plan = (...ids: string[]) => planRelay(site(ids.map(id => camera(id))), V)
const diff = (wanted: ReturnType<typeof plan>, text: string) =>
  diffRelay(plannedConfig(wanted), fileConfig(text, 'm.yml', V), V)

describe('the difference between two configurations', () => {
  it('of a plan and its own rendering is none', () => {
    expect(diff(plan('a', 'b'), renderRelay(plan('a', 'b')))).toEqual({
      server: [],
      added: [],
      changed: [],
      removed: [],
      foreign: [],
    })
  })

  it('is path by path, and leaves what is not ours', () => {
    const text = `${renderRelay(plan('a', 'gone'))}  yard: { source: "rtsp://me:pw@10.0.0.1/x" }\n`.replace(
      '8654/a/main?for=mediamtx',
      '8654/old?for=mediamtx',
    )
    const found = diff(plan('a', 'new'), text)
    expect(found).toMatchObject({
      added: ['live/new', 'main/new'],
      removed: ['live/gone', 'main/gone'],
      foreign: ['yard'],
      server: [],
    })
    expect(found.changed).toEqual([
      {
        name: 'live/a',
        keys: [
          {
            key: 'source',
            from: 'rtsp://127.0.0.1:8654/old?for=mediamtx',
            to: 'rtsp://127.0.0.1:8654/a/main?for=mediamtx',
          },
        ],
      },
    ])
  })

  it('says whom a setting of the whole server interrupts', () => {
    const text = renderRelay(plan('a'))
      .replace('hlsMuxerCloseAfter: 10s', 'hlsMuxerCloseAfter: 1m')
      .replace('logLevel: info', 'logLevel: debug')
    const told = diff(plan('a'), text).server.map(change => `${change.key}: ${interrupted(change)}`)
    expect(told).toEqual(['logLevel: every stream and viewer', 'hlsMuxerCloseAfter: all viewers by HLS'])
  })

  it('shows no password', () => {
    const text = renderRelay(plan('a')).replace('rtsp://127.0.0.1:8654/a/main?for=mediamtx', 'rtsp://me:hunter2@h/x')
    expect(JSON.stringify(diff(plan('a'), text))).not.toContain('hunter2')
    const turn = renderRelay(plan('a')).replace(
      'webrtcICEServers2: []',
      'webrtcICEServers2: [{ url: "turn:h:1", username: me, password: hunter2 }]',
    )
    expect(JSON.stringify(diff(plan('a'), turn))).not.toContain('hunter2')
  })

  it('is not made with a file that MediaMTX refuses', () => {
    expect(() => fileConfig('nonsense: 1', 'm.yml', V)).toThrow(VmsError)
  })

  it('knows values that mean the same', () => {
    for (const [type, a, b] of [
      ['duration', '60s', '1m0s'],
      ['duration', '1d', '24h'],
      ['duration', '0.2s', '200ms'],
      ['size', '50M', '50MB'],
      ['network[]', ['10.0.0.1'], ['10.0.0.1/32']],
      ['rtspTransport[]', ['udp', 'tcp'], ['tcp', 'udp']],
      ['iceServer[]', [{ url: 'stun:h:1' }], [{ url: 'stun:h:1', username: '', password: '', clientOnly: false }]],
      ['text', null, undefined],
    ] as const)
      expect([type, a, sameSetting(type, a, b)]).toEqual([type, a, true])
    expect(sameSetting('text[]', ['a', 'b'], ['b', 'a'])).toBe(false)
    expect(sameSetting('duration', '1m', '1ms')).toBe(false)
  })
})
