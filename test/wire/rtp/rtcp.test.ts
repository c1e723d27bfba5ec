import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  buildGoodbye,
  buildReceiverReport,
  buildSenderReport,
  ntpFromUnix,
  parseRtcp,
  unixFromNtp,
} from '../../../src/wire/rtp/index.ts'

const word = fc.nat(0xffffffff)
const report = fc.record({
  ssrc: word,
  fractionLost: fc.nat(255),
  cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
  highestSequence: word,
  jitter: word,
  lastSenderReport: word,
  delaySinceSenderReport: word,
})

describe('RTCP', () => {
  it('reads the receiver reports that it writes', () => {
    fc.assert(
      fc.property(word, fc.array(report, { maxLength: 31 }), fc.string({ maxLength: 60 }), (ssrc, reports, cname) => {
        const bytes = buildReceiverReport({ ssrc, reports, cname })
        expect(bytes.length % 4).toBe(0)
        expect(parseRtcp(bytes)).toEqual([
          { type: 'receiver-report', ssrc, reports },
          { type: 'source-description', names: [{ ssrc, cname: Buffer.from(cname).toString() }] },
        ])
      }),
    )
  })

  it('reads the sender reports that it writes, to a thousandth of a millisecond', () => {
    fc.assert(
      fc.property(word, word, fc.double({ min: 0, max: 4e12, noNaN: true }), (ssrc, timestamp, wall) => {
        const bytes = buildSenderReport({
          ssrc,
          timestamp,
          wall,
          packetCount: 5,
          octetCount: 6,
          reports: [],
          cname: 'a',
        })
        const [first] = parseRtcp(bytes)
        expect(first).toMatchObject({
          type: 'sender-report',
          ssrc,
          timestamp,
          packetCount: 5,
          octetCount: 6,
          reports: [],
        })
        expect((first as { wall: number }).wall).toBeCloseTo(wall, 2)
      }),
    )
  })

  it('knows the NTP times of both eras, and a sender without a clock', () => {
    expect(unixFromNtp(2_208_988_800, 0)).toBe(0)
    expect(ntpFromUnix(0)).toEqual({ seconds: 2_208_988_800, fraction: 0 })
    // 2036-02-07T06:28:16Z is where the seconds begin at 0 again.
    expect(unixFromNtp(0, 2 ** 31)).toBe(Date.UTC(2036, 1, 7, 6, 28, 16) + 500)
    expect(ntpFromUnix(Date.UTC(2036, 1, 7, 6, 28, 17))).toEqual({ seconds: 1, fraction: 0 })
    const bytes = buildSenderReport({
      ssrc: 1,
      timestamp: 2,
      wall: 0,
      packetCount: 0,
      octetCount: 0,
      reports: [],
      cname: '',
    })
    bytes.fill(0, 8, 16)
    expect(parseRtcp(bytes)[0]).toMatchObject({ wall: undefined, ntpMiddle: 0, timestamp: 2 })
    bytes.writeUInt32BE(0xaaaabbbb, 8)
    bytes.writeUInt32BE(0xccccdddd, 12)
    expect(parseRtcp(bytes)[0]).toMatchObject({ ntpMiddle: 0xbbbbcccc })
  })

  it('reads goodbyes with and without a reason, application packets, and passes over what it does not know', () => {
    expect(parseRtcp(buildGoodbye(9))).toEqual([{ type: 'goodbye', sources: [9], reason: '' }])
    const compound = Buffer.concat([
      Buffer.from('81cb000300000009046761746500 0000'.replaceAll(' ', ''), 'hex'),
      Buffer.from('80cc0002000000014f4e5646', 'hex'),
      Buffer.from('80cf000100000000', 'hex'),
    ])
    expect(parseRtcp(compound)).toEqual([
      { type: 'goodbye', sources: [9], reason: 'gate' },
      { type: 'application', ssrc: 1, name: 'ONVF' },
      { type: 'unknown', packetType: 207 },
    ])
  })

  it('keeps what came before the first packet that makes no sense', () => {
    const bytes = buildReceiverReport({ ssrc: 1, reports: [], cname: 'camera' })
    for (let cut = 8; cut < bytes.length; cut++) {
      expect(parseRtcp(bytes.subarray(0, cut))).toEqual([{ type: 'receiver-report', ssrc: 1, reports: [] }])
    }
    // Padding of 255 bytes in a packet of eight.
    expect(parseRtcp(Buffer.from('a0c90001000000ff', 'hex'))).toEqual([])
  })

  it('survives any bytes', () => {
    const start = fc
      .constantFrom('80c8', '9fc9', '81ca', '9fcb', '80cc', 'a0c8', 'bfca')
      .map(hex => [...Buffer.from(hex, 'hex')])
    fc.assert(
      fc.property(start, fc.nat(20), fc.uint8Array({ maxLength: 200 }), (head, words, rest) => {
        const bytes = Uint8Array.of(...head, 0, words, ...rest)
        expect(parseRtcp(bytes).length).toBeLessThanOrEqual(64)
      }),
      { numRuns: 1_000 },
    )
    expect(parseRtcp(Buffer.alloc(4_000, Buffer.from('80cf0000', 'hex'))).length).toBe(64)
  })
})
