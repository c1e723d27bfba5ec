import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { H265_SLICE, h265CodecString, h265SliceType, parseH265Pps, parseH265Sps } from '../../../src/wire/h265/index.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const SPS = hex('420101016000000300900000030000030078a003c0801107cb965654a4c2f0168080000003008000000f04')

describe('H.265 SPS', () => {
  it('of x265, 1080p30 main: size by the conformance window, frame rate, codec string', () => {
    expect(parseH265Sps(SPS)).toEqual({
      profileSpace: 0,
      highTier: false,
      profile: 1,
      compatibility: 0x60000000,
      constraints: Uint8Array.of(0x90, 0, 0, 0, 0, 0),
      level: 120,
      id: 0,
      chromaFormat: 1,
      bitDepth: 8,
      bitDepthChroma: 8,
      width: 1920,
      height: 1080,
      fps: 30,
      reorderFrames: 2,
      pixelAspect: [1, 1],
      colour: undefined,
      temporalLayers: 1,
      temporalIdNested: true,
    })
    expect(h265CodecString(SPS)).toBe('hvc1.1.6.L120.90')
  })

  it('is refused when it is none or cut; without its VUI it still tells the size', () => {
    expect(parseH265Sps(hex('4401c073c189'))).toBeUndefined()
    expect(parseH265Sps(SPS.subarray(0, 20))).toBeUndefined()
    expect(parseH265Sps(SPS.subarray(0, 34))).toMatchObject({ width: 1920, height: 1080, fps: undefined })
    expect(h265CodecString(hex('42'))).toBe('hvc1')
  })

  it('survives any bytes, behind any beginning of a real one', () => {
    fc.assert(
      fc.property(fc.nat(SPS.length), fc.uint8Array({ maxLength: 120 }), (kept, rest) => {
        const nal = Uint8Array.of(...SPS.subarray(0, Math.max(2, kept)), ...rest)
        const sps = parseH265Sps(nal)
        if (sps) {
          expect(sps.width).toBeGreaterThan(0)
          expect(sps.reorderFrames).toBeLessThanOrEqual(16)
        }
        parseH265Pps(Uint8Array.of(0x44, 1, ...rest))
        expect(h265CodecString(nal)).toMatch(/^hvc1/)
        expect(h265SliceType(nal, 0, nal.length, 2)).toBeLessThanOrEqual(2)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('H.265 PPS and slices', () => {
  it('reads the ids and the bits in front of the slice type', () => {
    expect(parseH265Pps(hex('4401c073c189'))).toEqual({ id: 0, spsId: 0, extraSliceHeaderBits: 0 })
    // pps 1 (010), sps 2 (011), two flags, three extra bits: 010 011 00 011...
    expect(parseH265Pps(hex('44014c7f'))).toEqual({ id: 1, spsId: 2, extraSliceHeaderBits: 3 })
    expect(parseH265Pps(hex('420101'))).toBeUndefined()
  })

  it('reads the slice type of the first slice segment', () => {
    const type = (text: string, kind: number, extra = 0) => {
      const body = (text.replaceAll(' ', '').padEnd(24, '0').match(/.{8}/g) ?? []).map(part => Number.parseInt(part, 2))
      const nal = Uint8Array.of(kind << 1, 1, ...body)
      return h265SliceType(nal, 0, nal.length, extra)
    }
    // first_slice_segment_in_pic_flag, pps id 0, slice type.
    expect(type('1 1 1', 1)).toBe(H265_SLICE.b)
    expect(type('1 1 010', 1)).toBe(H265_SLICE.p)
    expect(type('1 1 011', 1)).toBe(H265_SLICE.i)
    expect(type('1 0 1 011', 19), 'no_output_of_prior_pics_flag').toBe(H265_SLICE.i)
    expect(type('1 010 11 011', 1, 2), 'extra bits').toBe(H265_SLICE.i)
    expect(type('0 1 010', 1), 'a later segment').toBe(-1)
    expect(type('1 1 00100', 1)).toBe(-1)
  })
})
