import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  keepAliveMethod,
  keepAlivePeriod,
  parseMethods,
  parseRange,
  parseRtpInfo,
  parseSession,
  parseTransport,
  serializeRange,
  serializeRtpInfo,
  serializeSession,
  serializeTransport,
  transport,
} from '../../../src/wire/rtsp/index.ts'

describe('Transport', () => {
  it.each([
    ['RTP/AVP/TCP;unicast;interleaved=0-1', transport('tcp', { interleaved: [0, 1] })],
    ['rtp/avp/tcp; Unicast ;interleaved=4', transport('tcp', { interleaved: [4, 5] })],
    [
      'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;ssrc=00AB12CD;mode="PLAY"',
      transport('udp', { clientPort: [5000, 5001], serverPort: [6000, 6001], ssrc: 0xab12cd, mode: 'play' }),
    ],
    ['RTP/AVP/TCP;unicast;interleaved=0-1;ssrc= 1f', transport('tcp', { interleaved: [0, 1], ssrc: 0x1f })],
    ['RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0x1F', transport('tcp', { interleaved: [0, 1], ssrc: 0x1f })],
    ['RTP/AVP/TCP;unicast;ssrc=123456789', transport('tcp')],
    ['RTP/AVP/TCP;unicast;interleaved=300-301', transport('tcp')],
    [
      'RTP/AVP/TCP;interleaved=0-1;mode=record',
      transport('tcp', { delivery: undefined, interleaved: [0, 1], mode: 'record' }),
    ],
    [
      'RTP/AVP;multicast;destination=239.1.2.3;port=5000-5001;ttl=16',
      transport('udp', { delivery: 'multicast', destination: '239.1.2.3', port: [5000, 5001], ttl: 16 }),
    ],
    ['RTP/SAVP/UDP;unicast;source=10.0.0.1', transport('udp', { profile: 'RTP/SAVP', source: '10.0.0.1' })],
  ])('%s', (text, wanted) => {
    expect(parseTransport(text)).toEqual([wanted])
  })

  it('gives all alternatives in their order, without those that are no RTP', () => {
    const found = parseTransport('RTP/AVP;unicast;client_port=1-2,RAW/RAW/UDP;unicast, RTP/AVP/TCP;interleaved=0-1')
    expect(found.map(({ lower }) => lower)).toEqual(['udp', 'tcp'])
  })

  it('reads what it writes', () => {
    const pair = (max: number) => fc.option(fc.tuple(fc.nat(max), fc.nat(max)), { nil: undefined })
    fc.assert(
      fc.property(
        fc.record({
          profile: fc.constantFrom('RTP/AVP', 'RTP/SAVP', 'RTP/AVPF'),
          lower: fc.constantFrom('udp' as const, 'tcp' as const),
          delivery: fc.constantFrom('unicast' as const, 'multicast' as const, undefined),
          interleaved: pair(255),
          clientPort: pair(65_535),
          serverPort: pair(65_535),
          port: pair(65_535),
          ttl: fc.option(fc.nat(255), { nil: undefined }),
          ssrc: fc.option(fc.nat(0xffffffff), { nil: undefined }),
          mode: fc.constantFrom('play', 'record', undefined),
          destination: fc.constantFrom('10.0.0.1', undefined),
          source: fc.constantFrom('cam.example', undefined),
        }),
        given => {
          expect(parseTransport(serializeTransport(given))).toEqual([given])
        },
      ),
    )
  })
})

describe('Session', () => {
  it.each([
    ['12345678', '12345678', undefined],
    ['12345678;timeout=60', '12345678', 60_000],
    [' ab-c$+. ; Timeout = "30" ', 'ab-c$+.', 30_000],
    ['x;timeout=0', 'x', undefined],
    ['x;timeout=soon', 'x', undefined],
    ['x;timeout=99999999999', 'x', 86_400_000],
  ])('%j', (text, id, timeout) => {
    expect(parseSession(text)).toEqual({ id, timeout })
  })

  it('needs an id', () => {
    expect(parseSession(' ; timeout=60')).toEqual({ id: 'timeout=60', timeout: undefined })
    expect(parseSession('')).toBeUndefined()
    expect(parseSession('x'.repeat(2_000))).toBeUndefined()
  })

  it('is written in seconds', () => {
    expect(serializeSession({ id: 'a', timeout: 59_500 })).toBe('a;timeout=60')
    expect(serializeSession({ id: 'a', timeout: undefined })).toBe('a')
  })
})

describe('RTP-Info', () => {
  it.each([
    ['url=rtsp://h/1;seq=10;rtptime=4294967295', [['rtsp://h/1', 10, 4294967295]]],
    [
      'url=rtsp://h/trackID=1;seq=1;rtptime=2,url=rtsp://h/trackID=2;seq=3;rtptime=4',
      [
        ['rtsp://h/trackID=1', 1, 2],
        ['rtsp://h/trackID=2', 3, 4],
      ],
    ],
    ['url="rtsp://h/a,b;c";rtptime=5;seq=6', [['rtsp://h/a,b;c', 6, 5]]],
    ['url=rtsp://h/a;b=1,c;seq=70000', [['rtsp://h/a;b=1,c', 4464, undefined]]],
    [
      'url=rtsp://h/?url=x;seq=1 , URL=trackID=2;seq=2;',
      [
        ['rtsp://h/?url=x', 1, undefined],
        ['trackID=2', 2, undefined],
      ],
    ],
    ['url=trackID=1', [['trackID=1', undefined, undefined]]],
    ['seq=1;rtptime=2', []],
    ['', []],
  ])('%s', (text, wanted) => {
    expect(parseRtpInfo(text).map(({ url, sequence, timestamp }) => [url, sequence, timestamp])).toEqual(wanted)
  })

  it('reads what it writes', () => {
    const entry = fc.record({
      url: fc.stringMatching(/^rtsp:\/\/h\/[a-z0-9?=&/]{1,20}$/).filter(url => !url.includes('url=')),
      sequence: fc.option(fc.nat(65_535), { nil: undefined }),
      timestamp: fc.option(fc.nat(0xffffffff), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), given => {
        expect(parseRtpInfo(serializeRtpInfo(given))).toEqual(given)
      }),
    )
  })
})

describe('Range', () => {
  it.each([
    ['npt=0.000-', { unit: 'npt', start: 0, end: undefined }],
    ['npt=now-', { unit: 'npt', start: 'now', end: undefined }],
    ['npt = 1:02:03.5 - 4000', { unit: 'npt', start: 3723.5, end: 4000 }],
    ['npt=-10', { unit: 'npt', start: undefined, end: 10 }],
    [
      'clock=19961108T142300Z-19961108T143520.25Z',
      { unit: 'clock', start: Date.UTC(1996, 10, 8, 14, 23), end: Date.UTC(1996, 10, 8, 14, 35, 20, 250) },
    ],
    ['clock=20260101T000000Z-', { unit: 'clock', start: Date.UTC(2026, 0, 1), end: undefined }],
  ] as const)('%s', (text, wanted) => {
    expect(parseRange(text)).toEqual(wanted)
    expect(parseRange(serializeRange(wanted))).toEqual(wanted)
  })

  it.each(['', 'npt=', 'npt=-', 'smpte=10:07:00-', 'clock=yesterday-'])('%j is none', text => {
    expect(parseRange(text)).toBeUndefined()
  })
})

describe('keep-alive', () => {
  it.each([
    [undefined, 30_000],
    [60_000, 30_000],
    [300_000, 30_000],
    [20_000, 10_000],
    [8_000, 4_800],
    [1_000, 1_000],
  ])('a timeout of %j ms is met every %j ms', (timeout, period) => {
    expect(keepAlivePeriod(timeout)).toBe(period)
  })

  it('prefers GET_PARAMETER where the server has it', () => {
    expect(keepAliveMethod(parseMethods('OPTIONS, get_parameter,PLAY'))).toBe('GET_PARAMETER')
    expect(keepAliveMethod(parseMethods('OPTIONS DESCRIBE'))).toBe('OPTIONS')
  })
})

describe('any text', () => {
  it('is read without a throw', () => {
    const text = fc.oneof(fc.string({ maxLength: 200 }), fc.stringMatching(/^[;,="\\ a-z0-9:.-]{0,200}$/))
    fc.assert(
      fc.property(text, value => {
        parseTransport(value)
        parseTransport(`RTP/AVP;${value}`)
        parseSession(value)
        parseRtpInfo(`url=${value}`)
        parseRange(`npt=${value}`)
        parseRange(`clock=${value}`)
        parseMethods(value)
      }),
    )
  })
})
