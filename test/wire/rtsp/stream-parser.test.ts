import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type RtspMessage,
  type RtspStreamLimits,
  RtspStreamParser,
  serializeRequest,
  serializeResponse,
} from '../../../src/wire/rtsp/index.ts'

type Seen =
  | { packet: string; channel: number }
  | { start: string; headers: [string, string][]; body: string }
  | { malformed: string; fatal: boolean }

function plain(message: RtspMessage): Seen {
  const start = message.type === 'request' ? `${message.method} ${message.uri}` : `${message.status} ${message.reason}`
  const headers = [...message.headers].map(([name, value]): [string, string] => [name, value])
  return { start, headers, body: message.body.toString('latin1') }
}

function parserInto(seen: Seen[], limits?: Partial<RtspStreamLimits>): RtspStreamParser {
  return new RtspStreamParser(
    {
      interleaved: (buffer, start, end, channel) =>
        void seen.push({ packet: buffer.toString('hex', start, end), channel }),
      message: message => void seen.push(plain(message)),
      malformed: (malformed, fatal) => void seen.push({ malformed, fatal }),
    },
    limits,
  )
}

/** Feeds `bytes` in chunks of the given sizes, each through a buffer that is overwritten afterwards. */
function feed(bytes: Buffer, sizes: readonly number[], limits?: Partial<RtspStreamLimits>, channels = 256): Seen[] {
  const seen: Seen[] = []
  const parser = parserInto(seen, limits)
  parser.channels = channels
  const shared = Buffer.alloc(Math.max(1, bytes.length))
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.min(sizes[turn % sizes.length] ?? 1, bytes.length - at)
    bytes.copy(shared, 0, at, at + size)
    parser.push(shared, size)
    shared.fill(0xee)
    at += size
  }
  return seen
}

function packet(channel: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 255]), payload])
}

const rtp = Buffer.from('8060000100000002000000030102030405', 'hex')

const token = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,12}$/)
const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/)
const lines = fc.array(
  fc.tuple(
    token.filter(name => name.toLowerCase() !== 'content-length'),
    value,
  ),
  { maxLength: 6 },
)
const part = fc.oneof(
  fc
    .record({ channel: fc.nat(255), payload: fc.uint8Array({ maxLength: 3_000 }) })
    .map(({ channel, payload }): { bytes: Buffer; seen: Seen } => ({
      bytes: packet(channel, payload),
      seen: { packet: Buffer.from(payload).toString('hex'), channel },
    })),
  fc
    .record({ status: fc.integer({ min: 100, max: 599 }), headers: lines, body: fc.uint8Array({ maxLength: 500 }) })
    .map(({ status, headers, body }) => ({
      bytes: serializeResponse(status, headers, body, 'Because'),
      seen: expected(`${status} Because`, headers, body),
    })),
  fc
    .record({ headers: lines, body: fc.uint8Array({ maxLength: 500 }), path: fc.stringMatching(/^[a-z?=;]{0,20}$/) })
    .map(({ headers, body, path }) => ({
      bytes: serializeRequest('GET_PARAMETER', `rtsp://h/${path}`, headers, body),
      seen: expected(`GET_PARAMETER rtsp://h/${path}`, headers, body),
    })),
)

function expected(start: string, headers: readonly (readonly [string, string])[], body: Uint8Array): Seen {
  const sent: [string, string][] = headers.map(([name, text]) => [name, text])
  if (body.length > 0) sent.push(['Content-Length', String(body.length)])
  return { start, headers: sent, body: Buffer.from(body).toString('latin1') }
}

describe('RtspStreamParser', () => {
  it('gives the same packets and messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 8 }),
        (parts, sizes) => {
          const bytes = Buffer.concat(parts.map(({ bytes }) => bytes))
          const wanted = parts.map(({ seen }) => seen)
          expect(feed(bytes, sizes)).toEqual(wanted)
          expect(feed(bytes, [1])).toEqual(wanted)
          expect(feed(bytes, [bytes.length + 1])).toEqual(wanted)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('hands on whole packets in place', () => {
    const chunk = Buffer.concat([packet(0, rtp), packet(1, rtp)])
    const places: [boolean, number, number][] = []
    const parser = new RtspStreamParser({
      interleaved: (buffer, start, end) => void places.push([buffer === chunk, start, end]),
      message: () => {},
      malformed: () => {},
    })
    parser.push(chunk, chunk.length)
    expect(places).toEqual([
      [true, 4, 21],
      [true, 25, 42],
    ])
  })

  it('reads only the given length of the chunk', () => {
    const seen: Seen[] = []
    parserInto(seen).push(Buffer.concat([packet(0, rtp), packet(1, rtp)]), 21)
    expect(seen).toHaveLength(1)
  })

  it('survives any bytes, and says the same of them however they are cut', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .constantFrom('RTSP/1.0 200 OK\r\n', 'Content-Length: 5\r\n', '\r\n\r\n', '$', 'RTSP/1.', 'A B RTSP/1.0\n\n')
        .map(text => Buffer.from(text)),
      fc.constant(packet(0, rtp)),
    )
    fc.assert(
      fc.property(
        fc.array(noise, { maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(4),
        (parts, size, used) => {
          const bytes = Buffer.concat(parts)
          expect(feed(bytes, [size], {}, used)).toEqual(feed(bytes, [bytes.length + 1], {}, used))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('looks at each byte a bounded number of times', () => {
    // What a careless parser rescans: starts of messages and packets that never come true, byte by byte.
    let reads = 0
    const counting = (bytes: Buffer) =>
      new Proxy(bytes, {
        get: (target, key) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads++
          const found = Reflect.get(target, key, target)
          return typeof found === 'function' ? found.bind(target) : found
        },
      })
    for (const text of ['RTSP/RTSP/', '$\x00\x00', 'RTSP/1', '\r\n', 'OPTIONS * RTSP/1.0\r\nA']) {
      const bytes = Buffer.from(text.repeat(Math.ceil(20_000 / text.length)), 'latin1')
      reads = 0
      const parser = parserInto([])
      for (let at = 0; at < bytes.length; at += 7) parser.push(counting(bytes.subarray(at, at + 7)))
      expect(reads).toBeLessThan(bytes.length * 4)
    }
  })

  it.each([
    ['before the next packet', Buffer.from([1, 2, 3, 0x24, 9]), packet(0, rtp), 5],
    ['that looks like packets of unknown channels', packet(77, rtp), packet(3, rtp), 21],
    ['that begins like a message', Buffer.from('Abort\x00\x01\x02'), packet(0, rtp), 8],
    ['before a response', Buffer.from('\xff\xd8RTSPRTSP/', 'latin1'), Buffer.from('RTSP/1.0 200 OK\r\n\r\n'), 11],
  ])('skips junk %s', (_name, junk, after, count) => {
    for (const size of [1, 3, 1_000]) {
      const seen: Seen[] = []
      const parser = parserInto(seen)
      parser.channels = 4
      // The first byte cannot begin anything, so that what follows is looked at with suspicion.
      const bytes = Buffer.concat([Buffer.from([2]), junk, after])
      for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size))
      expect(seen[0]).toEqual({ malformed: `skipped ${count + 1} bytes that are no RTSP`, fatal: false })
      expect(seen).toHaveLength(2)
      expect(seen[1]).not.toHaveProperty('malformed')
    }
  })

  it.each<[string, Buffer, Partial<RtspStreamLimits>, string]>([
    ['junk', Buffer.alloc(2_000, 7), { junk: 1_000 }, '1001 bytes that are no RTSP'],
    [
      'headers',
      Buffer.from(`RTSP/1.0 200 OK\r\nA: ${'x'.repeat(2_000)}`),
      { head: 1_000 },
      'a header block without end',
    ],
    ['lines', Buffer.from(`RTSP/1.0 200 OK\r\n${'A: b\r\n'.repeat(20)}`), { lines: 10 }, 'too many header lines'],
    ['a body', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 11\r\n\r\n'), { body: 10 }, 'a body over the limit'],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), {}, 'the peer speaks HTTP, not RTSP'],
  ])('gives up on too much of %s, once', (_name, bytes, limits, reason) => {
    for (const size of [1, 64, 10_000]) {
      const seen = feed(Buffer.concat([bytes, packet(0, rtp)]), [size], limits)
      expect(seen).toEqual([{ malformed: reason, fatal: true }])
    }
  })

  it('takes packets of channels that were not set up if they are RTP, and skips what only looks like one', () => {
    for (const size of [1, 2, 5, 1_000]) {
      const seen: Seen[] = []
      const parser = parserInto(seen)
      parser.channels = 2
      const bytes = Buffer.concat([
        packet(0, rtp),
        packet(9, rtp),
        packet(200, Buffer.from('nonsense')),
        packet(1, rtp),
      ])
      for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size))
      expect(seen.map(one => ('channel' in one ? one.channel : one))).toEqual([
        0,
        9,
        { malformed: 'skipped 12 bytes that are no RTSP', fatal: false },
        1,
      ])
    }
  })

  it('takes the largest packet there is', () => {
    const large = Buffer.alloc(65_535, 0x80)
    expect(feed(packet(0, large), [1_000])).toEqual([{ packet: large.toString('hex'), channel: 0 }])
  })

  it('knows when something has begun and is not complete', () => {
    const parser = parserInto([])
    const states = ['$', '\0\0', '\x01a', 'OPTIONS *', ' RTSP/1.0\r\nContent-Length: 1\r\n\r\n', 'x'].map(text => {
      parser.push(Buffer.from(text))
      return parser.partial
    })
    expect(states).toEqual([true, true, false, true, true, false])
  })

  it('stops when the handler says so', () => {
    let count = 0
    const parser = new RtspStreamParser({
      interleaved: () => {
        count++
        parser.stop()
      },
      message: () => {},
      malformed: () => {},
    })
    parser.push(Buffer.concat([packet(0, rtp), packet(0, rtp)]))
    parser.push(packet(0, rtp))
    expect(count).toBe(1)
  })
})
