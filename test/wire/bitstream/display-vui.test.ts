import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BitReader, readDisplayVui } from '../../../src/wire/bitstream/index.ts'
import { parseH264Sps } from '../../../src/wire/h264/index.ts'
import { parseH265Sps } from '../../../src/wire/h265/index.ts'

// Written by x264 and x265 for 704x576 with pixels of 12:11, BT.709, full range; for 1440x1080 with an aspect of its own.
const H264_D1 = '6764001eacd940b0126c09b808080a000003000200000300641e2c5b2c'
const H265_D1 = '42010101600000030090000003000003005aa005820090596566924caf026e02020208000003000800000300c840'
const H264_HDV = '67640028acd9405a0227e5ffc010800c44000003000400000300c83c60c658'
const H265_HDV = '420101016000000300900000030000030078a002d08010e596566924cafff0042003168080000003008000000c84'

describe('how pictures are to be shown', () => {
  it.each([
    ['H.264', parseH264Sps(Buffer.from(H264_D1, 'hex'))],
    ['H.265', parseH265Sps(Buffer.from(H265_D1, 'hex'))],
  ])('is read from an SPS of %s', (_, sps) => {
    expect(sps).toMatchObject({
      width: 704,
      height: 576,
      fps: 25,
      pixelAspect: [12, 11],
      colour: { primaries: 1, transfer: 1, matrix: 1, fullRange: true },
    })
  })

  it.each([
    ['H.264', parseH264Sps(Buffer.from(H264_HDV, 'hex'))],
    ['H.265', parseH265Sps(Buffer.from(H265_HDV, 'hex'))],
  ])('may have an aspect that no table has: %s', (_, sps) => {
    expect(sps).toMatchObject({ pixelAspect: [66, 49], colour: undefined, fps: 25 })
  })

  it('is plausible or not there, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), bytes => {
        const { pixelAspect, colour } = readDisplayVui(new BitReader(bytes))
        if (pixelAspect) {
          const [width, height] = pixelAspect
          expect(width / height).toBeGreaterThanOrEqual(1 / 4)
          expect(width / height).toBeLessThanOrEqual(4)
        }
        if (colour) expect(Math.max(colour.primaries, colour.transfer, colour.matrix)).toBeLessThanOrEqual(255)
      }),
    )
  })

  it('is not made up where the bytes end', () => {
    expect(readDisplayVui(new BitReader(Buffer.from([0x80])))).toEqual({ pixelAspect: undefined, colour: undefined })
  })
})
