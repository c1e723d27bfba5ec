import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type HlsSegment,
  hlsCodec,
  parseReloadQuery,
  writeMediaPlaylist,
  writeMultivariantPlaylist,
} from '../../../src/wire/hls/index.ts'

const segment = (sequence: number, fields: Partial<HlsSegment> = {}): HlsSegment => ({
  sequence,
  uri: `segment${sequence}.mp4`,
  duration: 2,
  wall: Date.UTC(2026, 10, 25, 3, 0, sequence),
  map: 'init7.mp4',
  discontinuity: false,
  parts: [],
  ...fields,
})

describe('media playlist', () => {
  it('is what a low-latency player expects, line by line', () => {
    const text = writeMediaPlaylist({
      targetDuration: 2,
      partTarget: 0.24,
      discontinuitySequence: 3,
      segments: [
        segment(7),
        segment(8, {
          duration: 0.48,
          map: 'init8.mp4',
          discontinuity: true,
          parts: [
            { uri: 'part1.mp4', duration: 0.24, independent: true },
            { uri: 'part2.mp4', duration: 0.24, independent: false },
          ],
        }),
      ],
      open: segment(9, { map: 'init8.mp4', parts: [{ uri: 'part3.mp4', duration: 0.2399999, independent: true }] }),
      hint: 'part4.mp4',
    })
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.72,HOLD-BACK=6
#EXT-X-PART-INF:PART-TARGET=0.24
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-MAP:URI="init7.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-25T03:00:07.000Z
#EXTINF:2,
segment7.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init8.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-25T03:00:08.000Z
#EXT-X-PART:DURATION=0.24,URI="part1.mp4",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.24,URI="part2.mp4"
#EXTINF:0.48,
segment8.mp4
#EXT-X-PROGRAM-DATE-TIME:2026-11-25T03:00:09.000Z
#EXT-X-PART:DURATION=0.24,URI="part3.mp4",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part4.mp4"
`)
  })

  it('has no exponent in any number, however short a part is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), duration => {
        const text = writeMediaPlaylist({
          targetDuration: 60,
          partTarget: 60,
          discontinuitySequence: 0,
          segments: [segment(1, { duration })],
          open: undefined,
          hint: 'part1.mp4',
        })
        const [, digits = ''] = /#EXTINF:([^,]*),/.exec(text) ?? []
        expect(digits).toMatch(/^\d+(\.\d{1,5})?$/)
        expect(Math.abs(Number(digits) - duration)).toBeLessThanOrEqual(0.00001)
      }),
    )
  })
})

describe('multivariant playlist', () => {
  it('tells what there is, and leaves out what nobody knows', () => {
    const plain = { uri: 'x/live.m3u8', bandwidth: 1_000_000.4, averageBandwidth: 900_000 }
    expect(
      writeMultivariantPlaylist([
        { ...plain, codecs: ['avc1.4d401f', 'mp4a.40.2'], resolution: [640, 360], frameRate: 12.5 },
        { ...plain, codecs: [], resolution: undefined, frameRate: undefined },
      ]),
    ).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-STREAM-INF:BANDWIDTH=1000001,AVERAGE-BANDWIDTH=900000,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=12.5
x/live.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1000001,AVERAGE-BANDWIDTH=900000
x/live.m3u8
`)
  })
})

describe('query of a playlist', () => {
  const parse = (query: string) => parseReloadQuery(new URLSearchParams(query))

  it('is read', () => {
    expect(parse('')).toBeUndefined()
    expect(parse('_HLS_msn=12')).toEqual({ sequence: 12, part: undefined })
    expect(parse('_HLS_msn=12&_HLS_part=3&_HLS_skip=YES')).toEqual({ sequence: 12, part: 3 })
    expect(parse('_HLS_skip=v2')).toBeUndefined()
  })

  it.each([
    '_HLS_part=1',
    '_HLS_msn=',
    '_HLS_msn=-1',
    '_HLS_msn=1.5',
    '_HLS_msn=1&_HLS_part=x',
    '_HLS_msn=9999999999999999',
  ])('is refused: %s', query => {
    expect(parse(query)).toBe('invalid')
  })

  it('never throws, and numbers are whole', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (msn, part) => {
        const parsed = parseReloadQuery(new URLSearchParams({ _HLS_msn: msn, _HLS_part: part }))
        if (parsed === 'invalid' || parsed === undefined) return
        expect(Number.isSafeInteger(parsed.sequence)).toBe(true)
        expect(Number.isSafeInteger(parsed.part)).toBe(true)
      }),
    )
  })
})

describe('names of codecs', () => {
  it('are those of RFC 6381; G.711 has none', () => {
    const sps = Buffer.from('6742c01ed900a0479608c80000030008000003019470', 'hex')
    expect(hlsCodec({ codec: 'h264', sps, pps: [] })).toBe('avc1.42c01e')
    expect(hlsCodec({ codec: 'aac', config: Buffer.from('1210', 'hex'), sampleRate: 44_100, channels: 2 })).toBe(
      'mp4a.40.2',
    )
    expect(hlsCodec({ codec: 'pcmu', sampleRate: 8_000, channels: 1 })).toBeUndefined()
  })
})
