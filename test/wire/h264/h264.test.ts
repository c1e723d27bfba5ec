import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  H264_SLICE,
  h264CodecString,
  h264PpsId,
  h264PpsSpsId,
  h264RecoveryPoint,
  h264SliceType,
  h264SpsId,
  parseH264Sps,
} from '../../../src/wire/h264/index.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Bits as a text of 0 and 1, spaces ignored, filled up to the byte. */
const bits = (text: string) =>
  Buffer.from((text.replaceAll(' ', '').match(/.{1,8}/g) ?? []).map(part => Number.parseInt(part.padEnd(8, '0'), 2)))

/** Exp-Golomb. */
const ue = (value: number) => {
  const code = (value + 1).toString(2)
  return '0'.repeat(code.length - 1) + code
}

/** One reference frame, no gaps, width and height in macroblocks (of a field, where there are fields). */
const size = (width: number, height: number) => `${ue(1)} 0 ${ue(width - 1)} ${ue(height - 1)}`

describe('H.264 SPS', () => {
  it('of x264, 1080p30 high: size by cropping, frame rate, reordering', () => {
    const sps = hex('67640028acd940780227e5c044000003000400000300f03c60c658')
    expect(parseH264Sps(sps)).toEqual({
      id: 0,
      profile: 100,
      constraints: 0,
      level: 40,
      chromaFormat: 1,
      bitDepth: 8,
      width: 1920,
      height: 1080,
      frameMbsOnly: true,
      fps: 30,
      reorderFrames: 2,
      pixelAspect: [1, 1],
      colour: undefined,
    })
    expect(h264CodecString(sps)).toBe('avc1.640028')
  })

  it('of baseline never reorders, whatever it leaves out', () => {
    expect(parseH264Sps(hex('6742c01fd9005005bb011000000300100000030320f1832480'))).toMatchObject({
      width: 1280,
      height: 720,
      reorderFrames: 0,
    })
  })

  it('without VUI of main profile does not say how it reorders; with order type 2 it cannot', () => {
    const sps = (order: string) =>
      Buffer.concat([
        hex('67'),
        bits(`01001101 00000000 00011111 ${ue(0)} ${ue(0)} ${order} ${size(40, 30)} 1 1 0 0 1`),
      ])
    expect(parseH264Sps(sps(`${ue(0)} ${ue(2)}`))).toMatchObject({
      width: 640,
      height: 480,
      fps: undefined,
      reorderFrames: undefined,
    })
    expect(parseH264Sps(sps(ue(2)))).toMatchObject({ width: 640, height: 480, reorderFrames: 0 })
    const cycle = `${ue(1)} 0 ${ue(3)} ${ue(4)} ${ue(2)} ${ue(5)} ${ue(6)}`
    expect(parseH264Sps(sps(cycle))).toMatchObject({ width: 640, height: 480, reorderFrames: undefined })
  })

  it('with scaling lists, cropping and interlaced pictures', () => {
    // List 0 falls back at once (8 - 8 = 0), list 1 has 16 entries, list 6 has 64, the others are absent.
    const lists = `1 ${ue(16)} 1 ${ue(0).repeat(16)} 0 0 0 0 1 ${ue(0).repeat(64)} 0`
    const high = (format: number) =>
      `01100100 00000000 00011110 ${ue(0)} ${ue(format)} ${format === 3 ? '0' : ''} ${ue(2)} ${ue(2)} 0 1`
    const rest = `${ue(0)} ${ue(2)} ${size(45, 18)} 0 1 1 1 ${ue(1)} ${ue(2)} ${ue(0)} ${ue(3)} 0 1`
    expect(parseH264Sps(Buffer.concat([hex('67'), bits(`${high(1)} ${lists} ${rest}`)]))).toMatchObject({
      width: 720 - 2 * 3,
      height: 576 - 4 * 3,
      frameMbsOnly: false,
      profile: 100,
      bitDepth: 10,
    })
    const twelve = `${lists} 0 0 0 0`
    expect(parseH264Sps(Buffer.concat([hex('67'), bits(`${high(3)} ${twelve} ${rest}`)]))).toMatchObject({
      width: 720 - 3,
      height: 576 - 2 * 3,
      chromaFormat: 3,
    })
    expect(parseH264Sps(Buffer.concat([hex('67'), bits(`${high(2)} ${lists} ${rest}`)]))).toMatchObject({
      width: 720 - 2 * 3,
      height: 576 - 2 * 3,
    })
  })

  it('is refused when it is none, cut, or out of all bounds', () => {
    const sps = hex('67640028acd940780227e5c044000003000400000300f03c60c658')
    expect(parseH264Sps(hex('68ebe3cb22c0'))).toBeUndefined()
    expect(parseH264Sps(sps.subarray(0, 8))).toBeUndefined()
    expect(parseH264Sps(Buffer.concat([sps, Buffer.alloc(5_000)]))).toBeUndefined()
    // Cut inside its VUI it still tells the size.
    expect(parseH264Sps(sps.subarray(0, 13))).toMatchObject({ width: 1920, height: 1080, fps: undefined })
    const huge = Buffer.concat([
      hex('67'),
      bits('01001101 00000000 00011111 1 1 1 1 010 0 00000000000000010000000000000000 1'),
    ])
    expect(parseH264Sps(huge)).toBeUndefined()
  })

  it('survives any bytes', () => {
    const head = fc.constantFrom('674d001f', '6764001f', '6742c01f', '67f4001f').map(text => [...hex(text)])
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 120 }), (start, rest) => {
        const nal = Uint8Array.of(...start, ...rest)
        const sps = parseH264Sps(nal)
        if (sps) {
          expect(sps.width).toBeGreaterThan(0)
          expect(sps.height).toBeLessThanOrEqual(32_768)
        }
        h264SpsId(nal, 0, nal.length)
        h264PpsId(nal, 0, nal.length)
        h264RecoveryPoint(nal, 0, nal.length)
        expect(h264SliceType(nal, 0, nal.length)).toBeLessThanOrEqual(4)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('H.264 ids and slices', () => {
  it('reads ids', () => {
    expect(h264SpsId(hex('674d001f5b'), 0, 5)).toBe(1)
    expect(h264PpsId(hex('aa68cb8cb2'), 1, 5)).toBe(0)
    expect(h264PpsSpsId(hex('68cb8cb2'))).toBe(0)
    // pic_parameter_set_id 2 (011), seq_parameter_set_id 1 (010).
    expect(h264PpsId(hex('6868'), 0, 2)).toBe(2)
    expect(h264PpsSpsId(hex('6868'))).toBe(1)
    expect(h264PpsId(hex('6800'), 0, 2)).toBe(-1)
  })

  it('reads slice types, wherever the slice begins in the picture', () => {
    const type = (text: string) => {
      const nal = Buffer.concat([Buffer.of(0x41), bits(text)])
      return h264SliceType(nal, 0, nal.length)
    }
    expect(type('1 1')).toBe(H264_SLICE.p)
    expect(type('1 00110')).toBe(H264_SLICE.p)
    expect(type('1 010')).toBe(H264_SLICE.b)
    expect(type('1 00111')).toBe(H264_SLICE.b)
    expect(type('1 0001000')).toBe(H264_SLICE.i)
    expect(type('00000000 1 00000000 010')).toBe(H264_SLICE.b)
    expect(type('1 0001011')).toBe(-1)
    expect(type('0')).toBe(-1)
    expect(type('')).toBe(-1)
  })
})
