import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFault } from '../../../src/config/yaml.ts'
import { checkRelayFile } from '../../../src/streaming/mediamtx/check/check-file.ts'
import { GLOBAL_KEYS } from '../../../src/streaming/mediamtx/dialects/global-keys.ts'
import { PATH_KEYS } from '../../../src/streaming/mediamtx/dialects/path-keys.ts'
import type { RelayVersion } from '../../../src/streaming/mediamtx/version.ts'

function check(text: string, version: RelayVersion = '1.20.1') {
  const { faults, warnings } = checkRelayFile(text, 'm.yml', version)
  return { faults: faults.map(formatFault), warnings: warnings.map(formatFault) }
}

describe('checking a configuration of MediaMTX', () => {
  it('names what replaces a key, at its place, all at once', () => {
    const text = `rtspPort: 8554
readBufferCount: 512
paths:
  cam:
    source: rtsp://10.0.0.1/x
    sourceProtocol: tcp
    hlsEnabled: yes
    hlsSegmentDuration: 2s
`
    expect(check(text)).toEqual({
      faults: [
        'm.yml:1:1: "rtspPort" went after 0.15.5 -> rtspAddress replaces it',
        'm.yml:7:5: "hlsEnabled" is not a key of a path -> protocols are of the whole server: hls, at the top level',
        'm.yml:8:5: "hlsSegmentDuration" is a key of the whole server, not of a path -> write hlsSegmentDuration at the top level',
      ],
      warnings: [
        'm.yml:2:18: "readBufferCount" still works and was replaced in 1.0.1 -> writeQueueSize replaces it',
        'm.yml:6:21: "sourceProtocol" still works and was replaced in 1.3.0 -> rtspTransport replaces it',
      ],
    })
  })

  it('knows of each version which keys it has', () => {
    const text = 'hlsCDNSecret: abc\nmoq: no\npaths: { a: { runOnReady: x } }\n'
    expect(check(text, '1.17.1')).toEqual({
      faults: [
        'm.yml:1:1: "hlsCDNSecret" came with 1.18.1; this is 1.17.1',
        'm.yml:2:1: "moq" came with 1.19.0; this is 1.17.1',
      ],
      warnings: [],
    })
    expect(check(text, '1.19.2')).toEqual({ faults: [], warnings: [] })
    expect(check(text, '1.19.3').warnings).toEqual([
      'm.yml:3:27: "runOnReady" still works and was replaced in 1.19.3 -> runOnAvailable replaces it',
    ])
  })

  it.each([
    ['logLvel: info', '1:1: "logLvel" is not a key of the whole server -> did you mean "logLevel"?'],
    ['path: {}', '1:1: "path" is not a key of the whole server -> did you mean "paths"?'],
    [
      'sourceOnDemand: yes',
      '1:1: "sourceOnDemand" is a key of a path, not of the whole server -> write sourceOnDemand in a path or in pathDefaults',
    ],
    ['logLevel: wran', '1:11: logLevel: "wran" is not one of error, warn, info, debug -> did you mean "warn"?'],
    ['readTimeout: 10', '1:14: readTimeout: wants a time with its unit, and 10 is a number here -> such as "10s"'],
    ['readTimeout: ten', '1:14: readTimeout: "ten" is not a time -> such as 10s, 1m30s or 7d'],
    [
      'rtspEncryption: no',
      '1:17: rtspEncryption: wants a text, and false is a truth here -> write it in quotes: "false"',
    ],
    ['api: "yes"', '1:6: api: wants yes or no, not "yes" -> take the quotes away'],
    ['hlsSegmentCount: "7"', '1:18: hlsSegmentCount: wants a whole number, not "7" -> take the quotes away'],
    ['udpReadBufferSize: -1', '1:20: udpReadBufferSize: wants a whole number, not below 0, not -1'],
    ['hlsAllowOrigins: "*"', '1:18: hlsAllowOrigins wants a list -> hlsAllowOrigins: [...]'],
    ['hlsAllowOrigins: [[a]]', '1:19: hlsAllowOrigins: wants a single value, not a list'],
    [
      'webrtcICEServers2: [stun:h:1]',
      '1:21: an entry of webrtcICEServers2 wants "key: value" entries -> { url: ..., username: ..., password: ..., clientOnly: ... }',
    ],
    [
      'webrtcICEServers2: [{ uri: "stun:h:1" }]',
      '1:23: "uri" is not a key of an entry of webrtcICEServers2 -> did you mean "url"?',
    ],
    ['paths: [a]', '1:8: paths wants "key: value" entries'],
    ['paths: { "~^a(": }', '1:10: "~^a(" is not a regular expression'],
    [
      `paths: { a: { source: "rtsp://h/\${MATCH}" } }`,
      `1:23: source: "rtsp://h/\${MATCH}" has a variable; MediaMTX fills in $G1, $G2 (groups of the path's pattern) alone`,
    ],
    [
      'rtspAuthMethods: [digest]\nauthMethod: http\nauthHTTPAddress: http://h/',
      '1:18: rtspAuthMethods: digest goes with authMethod: internal alone, not with http',
    ],
    ['\tapi: yes', '1:1: a tab in the indentation -> YAML is indented with spaces only; replace the tab'],
  ])('%s', (text, fault) => {
    expect(check(text).faults).toEqual([`m.yml:${fault}`])
  })

  it('takes nothing, and what aliases and merges bring', () => {
    expect(check('')).toEqual({ faults: [], warnings: [] })
    const text = 'pathDefaults: &d { recordPartDuration: "1s" }\npaths: { a: { <<: *d, maxReaders: 3 } }\n'
    expect(check(text).faults).toEqual([])
    const fields = Array.from({ length: 9 }, (_, i) => `k${i + 1}: [${Array(9).fill(`*a${i}`)}]`)
    const bomb = `k0: &a0 [${Array(9).fill('x')}]\n${fields.map((f, i) => f.replace(': ', `: &a${i + 1} `)).join('\n')}\n`
    expect(check(bomb).faults.length).toBeGreaterThan(0)
  })

  it('never throws, whatever it is given', () => {
    const key = fc.constantFrom(
      ...Object.keys(GLOBAL_KEYS),
      ...Object.keys(PATH_KEYS),
      'paths',
      'pathDefaults',
      '__proto__',
      '~^(',
      '<<',
    )
    const value = fc.constantFrom(
      'yes',
      '1',
      '"x"',
      '[a]',
      '{ a: 1 }',
      '~',
      '*a',
      '&a b',
      '0x1F',
      '$' + '{X}',
      '[{ user: 1 }]',
      "'",
    )
    const line = fc.tuple(fc.constantFrom('', '  ', '    '), key, value).map(([indent, k, v]) => `${indent}${k}: ${v}`)
    const text = fc.oneof(
      fc.array(line, { maxLength: 12 }).map(lines => lines.join('\n')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    )
    fc.assert(
      fc.property(text, fc.constantFrom<RelayVersion>('1.15.0', '1.20.1'), (text, version) => {
        const { faults } = checkRelayFile(text, 'm.yml', version)
        for (const { line, column, message } of faults)
          expect([line > 0, column > 0, message !== '']).toEqual([true, true, true])
      }),
      { numRuns: 500 },
    )
  })
})
