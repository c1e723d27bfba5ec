import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { splitAnnexB } from '../../src/wire/bitstream/index.ts'
import { H264_SLICE, h264SliceType, isH264Slice, parseH264Sps } from '../../src/wire/h264/index.ts'
import { parseH265Pps, parseH265Sps } from '../../src/wire/h265/index.ts'
import { hasProgram } from '../support/programs.ts'
import { ffmpeg, ffprobe } from '../support/rtp-capture.ts'

const folder = mkdtempSync(join(tmpdir(), 'vmsctl-sps-'))
afterAll(() => rmSync(folder, { recursive: true }))

const x264 = (...more: string[]) => ['-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1', ...more]
const x265 = (parameters: string, ...more: string[]) => {
  return ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error:pools=1:${parameters}`, ...more]
}

/** name, picture size, frame rate, encoder options */
const H264: [string, string, string, string[]][] = [
  ['baseline', '176x144', '25', x264('-profile:v', 'baseline')],
  ['main without B-frames', '352x288', '12', x264('-profile:v', 'main', '-bf', '0')],
  ['main with a B-pyramid', '640x360', '30000/1001', x264('-profile:v', 'main', '-bf', '4', '-b_strategy', '0')],
  ['high, odd size', '1366x768', '50', x264('-bf', '1')],
  ['high with scaling lists', '320x240', '25', x264('-x264-params', 'cqm=jvt')],
  ['high, interlaced', '720x576', '25', x264('-flags', '+ildct+ilme', '-x264-params', 'tff=1')],
  [
    'high with HRD',
    '320x240',
    '25',
    x264('-b:v', '200k', '-maxrate', '200k', '-bufsize', '200k', '-x264-params', 'nal-hrd=cbr'),
  ],
  ['high 4:2:2', '322x242', '25', x264('-pix_fmt', 'yuv422p')],
  ['high 4:4:4', '321x241', '25', x264('-pix_fmt', 'yuv444p')],
  ['high 10', '320x240', '25', x264('-pix_fmt', 'yuv420p10le')],
  ['monochrome', '320x240', '25', x264('-pix_fmt', 'gray')],
  ['with colour and aspect', '720x480', '25', x264('-colorspace', 'bt709', '-color_trc', 'bt709', '-aspect', '16:9')],
]

const H265: [string, string, string, string[]][] = [
  ['main', '640x360', '25', x265('bframes=3')],
  ['main without B-frames', '1366x768', '30000/1001', x265('bframes=0')],
  ['main 10', '320x240', '50', x265('bframes=2', '-pix_fmt', 'yuv420p10le')],
  ['4:2:2 10', '322x242', '25', x265('bframes=2', '-pix_fmt', 'yuv422p10le')],
  ['4:4:4', '321x241', '25', x265('bframes=0', '-pix_fmt', 'yuv444p')],
  ['with scaling lists', '320x240', '25', x265('scaling-list=default')],
  ['with HRD', '320x240', '25', x265('vbv-maxrate=200:vbv-bufsize=200:hrd=1')],
  ['with temporal layers', '320x240', '25', x265('temporal-layers=3:bframes=3')],
]

function encode(name: string, size: string, rate: string, options: string[], format: string) {
  const file = join(folder, `${name.replaceAll(/\W/g, '-')}.${format}`)
  ffmpeg(['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}`, '-frames:v', '8', ...options, '-f', format, file])
  const stream = ffprobe(['-show_streams', file]).streams[0]!
  const [frames, seconds] = String(stream.r_frame_rate).split('/').map(Number)
  return {
    nals: splitAnnexB(readFileSync(file)),
    pixels: String(stream.pix_fmt),
    expected: {
      width: Number(stream.width),
      height: Number(stream.height),
      reorderFrames: Number(stream.has_b_frames),
      profile: expect.any(Number),
      level: Number(stream.level),
      fps: expect.closeTo(frames! / seconds!, 6),
    },
  }
}

const CHROMA: Record<string, number> = { yuv420p: 1, yuv422p: 2, yuv444p: 3 }
const chromaOf = (pixels: string) => CHROMA[pixels.replace('j', '').replace('10le', '')]

describe.skipIf(!hasProgram('ffmpeg') || !hasProgram('ffprobe'))('parameter sets say what ffprobe says', () => {
  it.each(H264)('H.264 %s', (name, size, rate, options) => {
    const { nals, expected, pixels } = encode(name, size, rate, options, 'h264')
    const sps = parseH264Sps(nals.find(nal => (nal[0]! & 0x1f) === 7)!)!
    expect(sps).toMatchObject(expected)
    // ffprobe calls grey pictures 4:2:0, as it decodes them.
    expect(sps.chromaFormat).toBe(name === 'monochrome' ? 0 : chromaOf(pixels))
    expect(sps.bitDepth).toBe(pixels.endsWith('10le') ? 10 : 8)
    const slices = nals.filter(nal => isH264Slice(nal[0]! & 0x1f)).map(nal => h264SliceType(nal, 0, nal.length))
    expect(slices[0]).toBe(H264_SLICE.i)
    expect(slices).not.toContain(-1)
    expect(slices.includes(H264_SLICE.b)).toBe(expected.reorderFrames > 0)
  })

  it.each(H265)('H.265 %s', (name, size, rate, options) => {
    const { nals, expected, pixels } = encode(name, size, rate, options, 'hevc')
    const type = (nal: Uint8Array) => (nal[0]! >> 1) & 0x3f
    const sps = parseH265Sps(nals.find(nal => type(nal) === 33)!)!
    expect(sps).toMatchObject(expected)
    expect(sps.chromaFormat).toBe(chromaOf(pixels))
    expect(sps.bitDepth).toBe(pixels.endsWith('10le') ? 10 : 8)
    expect(parseH265Pps(nals.find(nal => type(nal) === 34)!)).toMatchObject({ id: 0, spsId: 0 })
  })
})
