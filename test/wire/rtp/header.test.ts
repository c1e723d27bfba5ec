import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyRtpHeader, parseRtpHeader, RTP_HEADER_SIZE, writeRtpHeader } from '../../../src/wire/rtp/index.ts'

const parse = (bytes: Uint8Array, start = 0, end = bytes.length) => {
  const header = emptyRtpHeader()
  return parseRtpHeader(bytes, start, end, header) ? header : undefined
}

describe('RTP header', () => {
  it('reads what was written, wherever it lies in the buffer', () => {
    const fields = fc.record({
      payloadType: fc.nat(127),
      marker: fc.boolean(),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffffffff),
      ssrc: fc.nat(0xffffffff),
    })
    fc.assert(
      fc.property(fields, fc.nat(50), fc.nat(50), (field, before, payload) => {
        const bytes = new Uint8Array(before + RTP_HEADER_SIZE + payload + 7)
        const { payloadType, marker, sequence, timestamp, ssrc } = field
        writeRtpHeader(bytes, before, payloadType, marker, sequence, timestamp, ssrc)
        const end = before + RTP_HEADER_SIZE + payload
        expect(parse(bytes, before, end)).toEqual({ ...field, payloadStart: before + 12, payloadEnd: end })
      }),
    )
  })

  it('takes timestamps beyond 32 bits modulo 2^32', () => {
    const bytes = new Uint8Array(12)
    writeRtpHeader(bytes, 0, 96, false, 65_537, 2 ** 40 + 5, -1)
    expect(parse(bytes)).toMatchObject({ sequence: 1, timestamp: 5, ssrc: 0xffffffff })
  })

  it('passes over CSRCs, the extension and the padding', () => {
    const fixed = '80e0000100000002000000 03'.replaceAll(' ', '')
    const csrcs = Buffer.from(`82${fixed.slice(2)}0000000a0000000baabb`, 'hex')
    expect(parse(csrcs)).toMatchObject({ payloadStart: 20, payloadEnd: 22 })
    const extension = Buffer.from(`90${fixed.slice(2)}bede000111111111cc`, 'hex')
    expect(parse(extension)).toMatchObject({ payloadStart: 20, payloadEnd: 21 })
    const padding = Buffer.from(`a0${fixed.slice(2)}dd000003`, 'hex')
    expect(parse(padding)).toMatchObject({ payloadStart: 12, payloadEnd: 13 })
    expect(parse(Buffer.from(`a0${fixed.slice(2)}000004`, 'hex')), 'padding longer than the payload').toBeUndefined()
    const mistaken = Buffer.from(`a0${fixed.slice(2)}dd0000`, 'hex')
    expect(parse(mistaken), 'padding of nothing').toMatchObject({ payloadStart: 12, payloadEnd: 15 })
    expect(parse(Buffer.from(`90${fixed.slice(2)}bede000211111111`, 'hex')), 'extension too long').toBeUndefined()
    expect(parse(Buffer.from(`8f${fixed.slice(2)}00000000`, 'hex')), 'too few CSRCs').toBeUndefined()
    expect(parse(Buffer.from(`40${fixed.slice(2)}`, 'hex')), 'version 1').toBeUndefined()
    expect(parse(Buffer.from(fixed, 'hex').subarray(0, 11)), 'eleven bytes').toBeUndefined()
  })

  it('keeps the payload inside any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(130), fc.nat(130), (bytes, start, end) => {
        const header = parse(bytes, start, end)
        if (!header) return
        expect(header.payloadStart).toBeGreaterThanOrEqual(start + 12)
        expect(header.payloadEnd).toBeGreaterThanOrEqual(header.payloadStart)
        expect(header.payloadEnd).toBeLessThanOrEqual(Math.min(end, bytes.length))
      }),
      { numRuns: 500 },
    )
  })
})
