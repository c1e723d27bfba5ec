import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VmsError } from '../../../src/kernel/errors.ts'
import { checkRelayFile } from '../../../src/streaming/mediamtx/check/check-file.ts'
import { FORMER_KEYS } from '../../../src/streaming/mediamtx/dialects/former-keys.ts'
import { GLOBAL_KEYS } from '../../../src/streaming/mediamtx/dialects/global-keys.ts'
import { PATH_KEYS } from '../../../src/streaming/mediamtx/dialects/path-keys.ts'
import { migrateRelayFile } from '../../../src/streaming/mediamtx/migrate/migrate.ts'
import type { RelayVersion } from '../../../src/streaming/mediamtx/version.ts'
import { LEGACY } from './legacy.ts'

const migrate = (text: string, version: RelayVersion = '1.20.1') => migrateRelayFile(text, 'm.yml', version)
const said = (text: string) =>
  migrate(text).notes.map(({ line, left, message }) => `${line}${left ? '!' : ''} ${message}`)

describe('mending an old configuration', () => {
  it('carries the file of 2023 over, and says what it cannot', () => {
    const { text, faults } = migrate(LEGACY)
    expect(faults).toEqual([])
    expect(parse(text)).toEqual({
      webrtc: true,
      webrtcICEServers2: [{ url: 'stun:stun.l.google.com:19302' }],
      hls: true,
      hlsSegmentCount: 6,
      hlsSegmentDuration: '2s',
      rtmp: true,
      authInternalUsers: [
        { user: 'any', permissions: [{ action: 'playback' }] },
        {
          user: 'any',
          ips: ['127.0.0.1/32', '::1/128'],
          permissions: [{ action: 'api' }, { action: 'metrics' }, { action: 'pprof' }],
        },
        {
          user: 'vms-viewer',
          pass: expect.stringMatching(/^sha256:/),
          ips: ['10.0.0.0/8', '192.168.0.0/16'],
          permissions: [{ action: 'read', path: '~^live/([a-zA-Z0-9_-]+)$' }],
        },
      ],
      paths: {
        '~^live/([a-zA-Z0-9_-]+)$': {
          source: 'rtsp://camera-gateway/$G1',
          rtspTransport: 'automatic',
          sourceOnDemand: true,
          sourceOnDemandCloseAfter: '30s',
        },
      },
    })
    for (const comment of [
      '# Relay of the site.',
      "$G1 # the recorder's gateway",
      '6 # half of a',
      '# starts the camera',
    ])
      expect(text).toContain(comment)
    expect(text).toContain('# runOnDemand: /usr/local/bin/start-camera-stream.sh $' + '{MATCH}\n')
    const left = said(LEGACY).filter(line => /^\d+!/.test(line))
    expect(left).toEqual([
      expect.stringMatching(
        /^4! MediaMTX does not fill in .*MTX_AUTHINTERNALUSERS_2_PASS; until then nobody can log in/,
      ),
      expect.stringMatching(/^9! runOnDemand goes with source: publisher alone.*kept as a comment\.$/),
    ])
    expect(said(LEGACY)).toHaveLength(17)
  })

  it.each([
    ['rtspPort: 8554', { rtspAddress: ':8554' }],
    ['rtmpDisable: yes', { rtmp: false }],
    ['hlsAllowOrigin: "*"', { hlsAllowOrigins: ['*'] }],
    ['protocols: [tcp]', { rtspTransports: ['tcp'] }],
    ['recordPartDuration: 1s', { pathDefaults: { recordPartDuration: '1s' } }],
    ['externalAuthenticationURL: http://h/a', { authMethod: 'http', authHTTPAddress: 'http://h/a' }],
    [
      'webrtcICEServers: ["turn:me:pw:h:1"]',
      { webrtcICEServers2: [{ url: 'turn:h:1', username: 'me', password: 'pw' }] },
    ],
    ['paths: { a: { runOnReady: x } }', { paths: { a: { runOnAvailable: 'x' } } }],
    ['paths: { a: { runOnPublish: x } }', { paths: { a: { runOnAvailable: 'x' } } }],
    ['paths: { a: { disablePublisherOverride: no } }', { paths: { a: { overridePublisher: true } } }],
    [
      'paths: { a: { source: rpiCamera, rpiCameraProfile: main } }',
      { paths: { a: { source: 'rpiCamera', rpiCameraH264Profile: 'main' } } },
    ],
    ['paths: { /a: }', { paths: { a: null } }],
    ['paths: { "^a.*$": }', { paths: { '~^a.*$': null } }],
    ['paths: { a: { udpReadBufferSize: 1, hls: no } }', { udpReadBufferSize: 1, hls: 'no', paths: { a: {} } }],
  ])('%s', (text, means) => {
    const { text: mended, faults } = migrate(`${text}\n`)
    expect(faults).toEqual([])
    expect(parse(mended)).toEqual(means)
  })

  it('keeps what is right, to the byte', () => {
    const text = 'api:   yes   # spaces\r\npaths: {  all_others:   }\r\n'
    expect(migrate(text)).toEqual({ text, notes: [], faults: [] })
  })

  it('leaves to an older version what is new only later', () => {
    expect(migrate('paths: { a: { runOnReady: x } }\n', '1.18.2').notes).toEqual([])
  })

  it('says when two paths want different things, and keeps the other as a comment', () => {
    const text =
      'paths:\n  a: { webrtcEnabled: no, hlsSegmentCount: 3 }\n  b:\n    webrtcEnabled: yes\n    hlsSegmentCount: 4\n'
    expect(said(text).filter(line => line.includes('!'))).toEqual([
      '4! webrtcEnabled of the path b is true and another says false: webrtc is on for the whole server, for MediaMTX has no such switch for a path.',
      '5! hlsSegmentCount is of the whole server, and has another value there already: it is kept as a comment.',
    ])
    const mended = migrate(text)
    expect(parse(mended.text)).toMatchObject({ webrtc: true, hlsSegmentCount: 3 })
    expect(mended.text).toContain('# hlsSegmentCount: 4')
  })

  it('a password of a variable is no password that anybody could log in with', () => {
    const text = 'paths: { a: { publishUser: me, publishPass: "$' + '{PASS}", readUser: you, readPass: "pa$word" } }\n'
    const { authInternalUsers } = parse(migrate(text).text)
    expect(authInternalUsers.slice(2)).toMatchObject([
      { user: 'you', pass: 'pa$word', permissions: [{ action: 'read', path: 'a' }] },
      { user: 'me', pass: expect.stringMatching(/^sha256:/), permissions: [{ action: 'publish', path: 'a' }] },
    ])
  })

  it('refuses what is no YAML, with the place', () => {
    expect(() => migrate('a: [\nb')).toThrow(/m\.yml:\d+:\d+: /)
  })

  it('done twice it does nothing, and never ends in anything but a VmsError', () => {
    const names = [...FORMER_KEYS.map(({ key }) => key), ...Object.keys(GLOBAL_KEYS), ...Object.keys(PATH_KEYS)]
    const value = fc.constantFrom(
      'yes',
      'no',
      '8554',
      'x',
      '[tcp]',
      '["a:b:c:d:e"]',
      '10s',
      '',
      '{ a: b }',
      '$' + '{MATCH}',
      'rtsp://h/$' + '{MATCH}',
      'publisher # c',
    )
    const entry = fc.tuple(fc.constantFrom(...names), value)
    const lines = (indent: string) =>
      fc
        .uniqueArray(entry, { maxLength: 6, selector: ([key]) => key })
        .map(list => list.map(([key, v]) => `${indent}${key}: ${v}`))
    const name = fc.constantFrom('a', 'all', '"live/~^x$"', '~^(a)$', '/b', '"^c$"')
    const file = fc
      .tuple(lines(''), name, lines('    '), lines('  '))
      .map(([top, path, own, defaults]) =>
        [
          ...top,
          ...(defaults.length > 0 ? ['pathDefaults:', ...defaults] : []),
          'paths:',
          `  ${path}:`,
          ...own,
          '',
        ].join('\n'),
      )
    fc.assert(
      fc.property(fc.oneof(file, fc.string({ unit: 'binary', maxLength: 100 })), text => {
        try {
          const { text: once, faults } = migrate(text)
          const again = migrate(once)
          expect(again.text).toBe(once)
          expect(again.notes).toEqual([])
          expect(checkRelayFile(once, 'm.yml', '1.20.1').faults).toEqual(faults)
        } catch (error) {
          if (!(error instanceof VmsError)) throw error
          expect(error.code).toBe('VMS_E_CONFIG_INVALID')
        }
      }),
      { numRuns: 400 },
    )
  })
})
