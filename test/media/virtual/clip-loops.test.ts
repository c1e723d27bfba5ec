import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VmsError } from '../../../src/kernel/errors.ts'
import { readAudioClip, readVideoClip } from '../../../src/media/virtual/clip.ts'
import { closedLoop } from '../../../src/media/virtual/loop.ts'

const CLIPS = new URL('../../../templates/clips/', import.meta.url).pathname
const VIDEO = ['h264-720p', 'h264-720p-b', 'h264-360p', 'h265-720p', 'h265-720p-b', 'h265-360p']

describe('shipped clips', () => {
  it.each(VIDEO)('%s is one group of pictures of 250 frames', async name => {
    const clip = await readVideoClip(join(CLIPS, `${name}.mp4`))
    expect(clip.frames).toHaveLength(250)
    expect(clip.frames.map(frame => frame.key)).toEqual([true, ...new Array(249).fill(false)])
    expect(clip.fps).toBeCloseTo(25, 1)
    expect(clip.frames.some(frame => frame.disposable)).toBe(name.endsWith('-b'))
  })

  it('have sound in AAC', async () => {
    const clip = await readAudioClip(join(CLIPS, 'aac-16k.mp4'))
    expect(clip.parameters).toMatchObject({ codec: 'aac', sampleRate: 16_000, channels: 1 })
    expect(clip.frames.length).toBeGreaterThan(150)
  })
})

describe('closed loops', () => {
  it.each(['h264-720p-b', 'h265-720p-b', 'h264-360p'])(
    'of %s show each of their frames once, at any length',
    async name => {
      const clip = await readVideoClip(join(CLIPS, `${name}.mp4`))
      for (let length = 2; length <= 250; length++) {
        const loop = closedLoop(clip, length)
        expect(loop).toHaveLength(length)
        const shown = loop.map((frame, i) => i + frame.shift).sort((a, b) => a - b)
        expect(shown).toEqual(loop.map((_, i) => i))
        // The key frame is shown first: nothing of one round is shown within another.
        expect(loop[0]).toMatchObject({ key: true, shift: 0 })
      }
    },
  )

  it('are not longer than the clip', async () => {
    const clip = await readVideoClip(join(CLIPS, 'h264-360p.mp4'))
    expect(() => closedLoop(clip, 251)).toThrow('250 frames only')
  })
})

describe('files that are no clips', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'vms-clip-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  it('are refused with a reason', async () => {
    await expect(readVideoClip(join(directory, 'none.mp4'))).rejects.toThrow('ENOENT')
    await expect(readVideoClip(join(CLIPS, 'aac-16k.mp4'))).rejects.toThrow('no video track')
    await expect(readAudioClip(join(CLIPS, 'h264-360p.mp4'))).rejects.toThrow('no audio track')
  })

  it.each<[string, (bytes: Buffer, nal: number) => void, string]>([
    ['whose NAL units have shorter lengths', (bytes, nal) => bytes.writeUInt16BE(4, nal - 4), 'lengths of four bytes'],
    ['without a coded slice', (bytes, nal) => bytes.writeUInt8(6, nal), 'no picture'],
  ])('are refused when they are files %s', async (_, spoil, reason) => {
    const bytes = readFileSync(join(CLIPS, 'h264-360p.mp4'))
    const { frames } = await readVideoClip(join(CLIPS, 'h264-360p.mp4'))
    const path = join(directory, 'spoilt.mp4')
    for (const nal of frames.flatMap(({ nals }) => nals)) spoil(bytes, bytes.indexOf(nal))
    writeFileSync(path, bytes)
    await expect(readVideoClip(path)).rejects.toThrow(reason)
  })

  it('never do more harm than that', async () => {
    const whole = readFileSync(join(CLIPS, 'h264-360p.mp4'))
    const moov = whole.indexOf('moov')
    const path = join(directory, 'broken.mp4')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - moov - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 2_000 }),
        async (spots, cut) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of spots) bytes[moov + at] = value
          writeFileSync(path, bytes.subarray(0, bytes.length - cut))
          await readVideoClip(path).catch(error => expect(error).toBeInstanceOf(VmsError))
        },
      ),
      { numRuns: 150 },
    )
  })
})
