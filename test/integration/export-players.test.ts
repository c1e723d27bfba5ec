import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { exportCamera } from '../../src/recording/export/export-camera.ts'
import { openPlayback } from '../../src/recording/export/playback.ts'
import { takeSnapshot } from '../../src/recording/export/snapshot.ts'
import { part, START, TestArchive } from '../recording/export/support.ts'
import { BrowserPlayer, hasChromium, RangeServer } from '../support/browser-player.ts'
import { type EncodedTrack, encodeAudio, encodeVideo } from '../support/encoded-media.ts'
import { pictureHashes } from '../support/frame-hashes.ts'
import { mux } from '../support/mux.ts'
import { hasProgram } from '../support/programs.ts'

const run = promisify(execFile)

/** Seconds of source material; segments are of three, and a gap of four is between the second and the third. */
const SECONDS = 9
const SEGMENT = 3
const GAP = 4

const SIZE = '320x180'
const KINDS = ['h264', 'h264 and aac', 'h265 and aac', 'h264 and pcmu'] as const
type Kind = (typeof KINDS)[number]

const directory = mkdtempSync(join(tmpdir(), 'vmsctl-export-players-'))
afterAll(() => rmSync(directory, { recursive: true }))

const GST_PICTURES = fileURLToPath(new URL('../support/gst-pictures.py', import.meta.url))
const hasGst = spawnSync('/usr/bin/python3', ['-c', "import gi; gi.require_version('Gst', '1.0')"]).status === 0

/** The source as one file, its pictures by hash, and the archive that it is recorded in. */
interface Source {
  readonly archive: TestArchive
  readonly file: string
  readonly pictures: readonly string[]
  readonly tracks: readonly EncodedTrack[]
}

describe.skipIf(!hasProgram('ffmpeg') || !hasProgram('ffprobe'))('an exported clip', () => {
  const sources = new Map<Kind, Source>()
  const of = (kind: Kind) => sources.get(kind)!

  beforeAll(() => {
    for (const kind of KINDS) {
      const [video, audio] = kind.split(' and ') as ['h264' | 'h265', 'aac' | 'pcmu' | undefined]
      const tracks = [
        encodeVideo(directory, { codec: video, seconds: SECONDS, bFrames: 2, size: SIZE }),
        ...(audio ? [encodeAudio(directory, audio, SECONDS)] : []),
      ]
      const archive = new TestArchive()
      for (let number = 0; number < SECONDS / SEGMENT; number++) {
        const from = number * SEGMENT
        const late = number === 2 ? GAP * 1_000 : number * 3
        archive.add({
          tracks: tracks.map(track => part(track, from, from + SEGMENT)),
          at: from * 1_000 + late,
          session: number === 2 ? 'b' : 'a',
          number: number === 2 ? 0 : number,
          mediaTime: number === 2 ? 0 : from * 90_000,
        })
      }
      const file = join(directory, `${kind.replaceAll(' ', '-')}.mp4`)
      writeFileSync(file, mux([tracks[0]!]))
      const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-'], { maxBuffer: 2 ** 30 })
      sources.set(kind, { archive, file, tracks, pictures: pictureHashes(raw, SIZE) })
    }
  })
  afterAll(() => {
    for (const { archive } of sources.values()) archive[Symbol.dispose]()
  })

  /** From the middle of a group in the first segment over the gap into the third: pictures 37 to 149, and 150 to 199. */
  const FROM = 1_500
  const TO = 12_000
  const FIRST = 37
  const LAST = 200
  const clips = new Map<string, ReturnType<typeof exportCamera>>()
  const clip = async (kind: Kind, keepGaps = true) => {
    const { archive } = of(kind)
    const name = `${kind} ${keepGaps}`
    const file = archive.out(`${keepGaps ? 'kept' : 'closed'}.mp4`)
    const known =
      clips.get(name) ?? exportCamera(archive.request(FROM, TO, { target: { file }, keepGaps }), archive.context())
    clips.set(name, known)
    return { ...(await known), file }
  }
  /** When a picture of the source is shown in a clip, seconds. */
  const timeOf = (picture: number, keepGaps: boolean) =>
    (picture - FIRST) * 0.04 + (picture >= 150 && keepGaps ? GAP : 0)

  describe.each(KINDS)('with %s', kind => {
    it.each([true, false])(
      'is decoded by ffmpeg without a word, and is what was asked for; gaps kept: %s',
      async keepGaps => {
        const { file, duration, frames } = await clip(kind, keepGaps)
        const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-f', 'null', '-'])
        expect(stderr).toBe('')
        expect(frames).toBe(LAST - FIRST)
        expect(duration).toBeCloseTo((LAST - FIRST) * 0.04 + (keepGaps ? GAP : 0), 2)
        const { streams, format } = JSON.parse(
          execFileSync('ffprobe', [
            '-v',
            'error',
            '-count_frames',
            '-show_streams',
            '-show_format',
            '-of',
            'json',
            file,
          ]).toString(),
        ) as { streams: Record<string, string>[]; format: { duration: string; tags?: Record<string, string> } }
        expect(Number(streams[0]!.nb_read_frames)).toBe(LAST - FIRST)
        for (const { duration: told, start_time } of streams) {
          expect(Math.abs(Number(told) - duration)).toBeLessThan(0.05)
          expect(Number(start_time)).toBeCloseTo(0, 2)
        }
        expect(Number(format.duration)).toBeCloseTo(duration, 2)
        expect(Date.parse(format.tags!.creation_time!)).toBe(START + 1_000)
      },
    )

    it.each([true, false])('shows the pictures of the span and no other in ffmpeg; gaps kept: %s', async keepGaps => {
      const { file } = await clip(kind, keepGaps)
      const shown = await ffmpegPictures(file)
      expect(shown.map(({ hash }) => hash)).toEqual(of(kind).pictures.slice(FIRST, LAST))
      for (const [index, { time }] of shown.entries()) expect(time).toBeCloseTo(timeOf(FIRST + index, keepGaps), 2)
    })

    it.skipIf(!hasGst).each([true, false])('shows them in GStreamer; gaps kept: %s', async keepGaps => {
      const { file } = await clip(kind, keepGaps)
      const { stdout } = await run('/usr/bin/python3', [GST_PICTURES, file], { maxBuffer: 2 ** 24 })
      const shown = stdout
        .trim()
        .split('\n')
        .map(line => line.split(' '))
      expect(shown.map(([, hash]) => hash)).toEqual(of(kind).pictures.slice(FIRST, LAST))
      for (const [index, [time]] of shown.entries()) {
        expect(Number(time) / 1e9).toBeCloseTo(timeOf(FIRST + index, keepGaps), 2)
      }
    })
  })

  it.each(KINDS)('has the sound where the picture is: %s', async kind => {
    if (kind === 'h264') return
    const { file } = await clip(kind)
    // A steady tone: there is sound when there is footage, and none in the gap.
    const loudness = await soundLevels(file)
    const second = 6 - FIRST * 0.04
    const loud = (from: number, to: number) => loudness.slice(Math.ceil(from * 20), Math.floor(to * 20))
    expect(Math.min(...loud(0.1, second - 0.1))).toBeGreaterThan(0.05)
    expect(Math.max(...loud(second + 0.1, second + GAP - 0.1))).toBeLessThan(0.001)
    expect(Math.min(...loud(second + GAP + 0.15, second + GAP + 1.9))).toBeGreaterThan(0.05)
  })

  describe.skipIf(!hasChromium())('in Chromium', () => {
    it.each([
      ['h264 and aac', true],
      ['h264 and aac', false],
      ['h264', true],
    ] as const)(
      'begins with the picture that was asked for, and has each at its time: %s; gaps kept: %s',
      async (kind, keepGaps) => {
        const { file } = await clip(kind, keepGaps)
        const { archive, file: source } = of(kind)
        writeFileSync(archive.out('source.mp4'), readFileSync(source))
        await using player = await BrowserPlayer.start()
        await using server = new RangeServer(archive.dir)
        const page = await server.listen()
        // The source's first picture is shown two frames after time 0.
        // With sound, Chromium shows something else for a seek into the last two frames, in files of ffmpeg's as well.
        const pictures = [FIRST, FIRST + 1, 60, 149, 150, 180, 197]
        const expected = await player.pictures(
          page,
          `${page}source.mp4`,
          pictures.map(picture => (picture + 2.5) * 0.04),
        )
        const url = `${page}${keepGaps ? 'kept' : 'closed'}.mp4`
        const shown = await player.pictures(
          page,
          url,
          pictures.map(picture => timeOf(picture, keepGaps) + 0.02),
        )
        expect(new Set(expected).size).toBe(pictures.length)
        expect(shown).toEqual(expected)
        const [first] = await player.pictures(page, url, [0])
        expect(first).toBe(expected[0])
        // In the gap the last picture stands.
        if (keepGaps) expect(await player.pictures(page, url, [timeOf(149, true) + GAP / 2])).toEqual([expected[3]])
        const played = await player.play(page, url, 0.5)
        expect(played.error).toBeUndefined()
        expect(file).toContain(keepGaps ? 'kept' : 'closed')
      },
    )
  })

  it.each(['h264', 'h265'] as const)('goes on where the parameters of the codec change: %s', async codec => {
    using archive = new TestArchive()
    const presets = ['ultrafast', 'medium', 'ultrafast']
    const expected: string[] = []
    for (const [index, preset] of presets.entries()) {
      const track = encodeVideo(directory, { codec, seconds: 2, bFrames: 2, size: SIZE, preset })
      archive.add({ tracks: [track], at: index * 2_010, session: `s${index}`, number: 0 })
      const file = archive.out('one.mp4')
      writeFileSync(file, mux([track]))
      expected.push(...(await ffmpegPictures(file)).map(({ hash }) => hash))
    }
    const { files, changes } = await exportCamera(archive.request(0, 10_000), archive.context())
    expect(changes.length).toBe(2)
    expect((await ffmpegPictures(files[0]!.path)).map(({ hash }) => hash)).toEqual(expected)
    if (!hasGst) return
    const { stdout } = await run('/usr/bin/python3', [GST_PICTURES, files[0]!.path], { maxBuffer: 2 ** 24 })
    expect(stdout.match(/[0-9a-f]{32}/g)).toEqual(expected)
  })

  describe('played as a stream', () => {
    const streamed = async (kind: Kind, from: number, to: number, keepGaps = true) => {
      const { archive } = of(kind)
      const span = { from: START + from, to: START + to, keepGaps, audio: true }
      const { bytes } = await openPlayback(archive, { camera: 'gate-1', stream: 'main', ...span })
      const file = archive.out('stream.mp4')
      const parts: Buffer[] = []
      for await (const part of bytes) parts.push(part)
      writeFileSync(file, Buffer.concat(parts))
      return file
    }

    it.each(KINDS)('is decoded by ffmpeg from a pipe, each picture at its time: %s', async kind => {
      const file = await streamed(kind, 2_500, 12_000)
      const { stderr } = await run('sh', ['-c', `ffmpeg -v error -xerror -i pipe:0 -f null - < ${file}`])
      expect(stderr).toBe('')
      // From the key frame at two seconds: picture 50.
      const shown = await ffmpegPictures(file)
      expect(shown.slice(0, 150).map(({ hash }) => hash)).toEqual(of(kind).pictures.slice(50, 200))
      expect(shown[0]!.time).toBeCloseTo(0, 2)
      expect(shown[100]!.time).toBeCloseTo(4 + GAP, 2)
    })

    it.skipIf(!hasChromium())('plays in Chromium by Media Source Extensions, and by itself', async () => {
      const { archive } = of('h264 and aac')
      await streamed('h264 and aac', 500, 5_500)
      await using player = await BrowserPlayer.start()
      await using server = new RangeServer(archive.dir)
      const page = await server.listen()
      const { parameters } = of('h264 and aac').tracks[0]!
      const profile = 'sps' in parameters ? Buffer.from(parameters.sps.subarray(1, 4)).toString('hex') : ''
      const type = `video/mp4; codecs="avc1.${profile}, mp4a.40.2"`
      const { error, buffered, endedAt } = await player.stream(page, `${page}stream.mp4`, type)
      expect(error).toBeUndefined()
      expect(buffered.length).toBe(1)
      expect(buffered[0]![0]).toBeLessThan(0.01)
      expect(buffered[0]![1]).toBeGreaterThan(5.4)
      expect(endedAt).toBeGreaterThan(5.4)
      const played = await player.play(page, `${page}stream.mp4`, 0.5)
      expect(played.error).toBeUndefined()
    })
  })

  describe('as a snapshot', () => {
    const snapshot = (kind: Kind, at: number, name: string) => {
      const { archive } = of(kind)
      const request = {
        camera: 'gate-1',
        stream: 'main' as const,
        at: START + at,
        path: archive.out(name),
        force: true,
      }
      return takeSnapshot(request, { ...archive.context(), clock: systemClock })
    }

    it.each([
      ['h264', 1_500, 37],
      ['h264', 0, 0],
      ['h265 and aac', 5_999, 149],
      ['h264', 10_000, 150],
      ['h264 and pcmu', 12_999, 224],
    ] as const)('is the very picture: %s at %i ms is number %i', async (kind, at, number) => {
      const { path, format } = await snapshot(kind, at, 'picture.jpg')
      expect(format).toBe('jpeg')
      const seen = luma(path)
      const frames = lumas(of(kind).file)
      const differences = frames.map(frame => difference(frame, seen))
      expect(differences.indexOf(Math.min(...differences))).toBe(number)
    })

    it('is the key frame before it when it is to be an MP4', async () => {
      const { format, at, path } = await snapshot('h264', 1_500, 'picture.mp4')
      expect([format, at]).toEqual(['mp4', new Date(START + 1_000).toISOString()])
      expect((await ffmpegPictures(path)).map(({ hash }) => hash)).toEqual([of('h264').pictures[25]])
    })

    it('is told not to be there, with the nearest footage', async () => {
      await expect(snapshot('h264', 8_000, 'none.jpg')).rejects.toMatchObject({
        code: 'VMS_E_NO_FOOTAGE',
        hint: expect.stringContaining('before it ends at 2026-11-24T15:00:06'),
      })
    })

    it('is the key frame where there is no ffmpeg, and says so', async () => {
      const { PATH } = process.env
      process.env.PATH = directory
      try {
        const { format, path, withoutFfmpeg } = await snapshot('h264', 1_500, 'without.jpg')
        expect([format, withoutFfmpeg]).toEqual(['mp4', true])
        expect(path).toBe(of('h264').archive.out('without.mp4'))
      } finally {
        process.env.PATH = PATH
      }
    })
  })
})

/** The pictures that ffmpeg shows of a file, and when. */
async function ffmpegPictures(file: string): Promise<{ time: number; hash: string }[]> {
  const args = ['-v', 'error', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough', '-enc_time_base', '1:90000']
  const { stdout } = await run('ffmpeg', [...args, '-f', 'framemd5', '-'], { maxBuffer: 2 ** 24 })
  return stdout
    .split('\n')
    .filter(line => /^\d/.test(line))
    .map(line => line.split(',').map(field => field.trim()))
    .map(([, , pts, , , hash]) => ({ time: Number(pts) / 90_000, hash: hash! }))
}

/** Loudness of the sound in steps of 50 ms, gaps in the times filled with silence. */
async function soundLevels(file: string): Promise<number[]> {
  const filter = 'aresample=8000:async=1:first_pts=0'
  const args = ['-v', 'error', '-i', file, '-map', '0:a', '-af', filter, '-ac', '1', '-f', 's16le', '-']
  const raw = execFileSync('ffmpeg', args, { maxBuffer: 2 ** 26 })
  const levels: number[] = []
  for (let at = 0; at + 800 <= raw.length; at += 800) {
    let peak = 0
    for (let sample = at; sample < at + 800; sample += 2) peak = Math.max(peak, Math.abs(raw.readInt16LE(sample)))
    levels.push(peak / 32_768)
  }
  return levels
}

const PIXELS = 320 * 180

/** Brightness of each picture of a file. */
function lumas(file: string): Buffer[] {
  const args = ['-v', 'error', '-i', file, '-pix_fmt', 'gray', '-f', 'rawvideo', '-']
  const raw = execFileSync('ffmpeg', args, { maxBuffer: 2 ** 30 })
  return Array.from({ length: raw.length / PIXELS }, (_, at) => raw.subarray(at * PIXELS, (at + 1) * PIXELS))
}

function luma(file: string): Buffer {
  return lumas(file)[0]!
}

function difference(a: Buffer, b: Buffer): number {
  let sum = 0
  for (let at = 0; at < PIXELS; at++) sum += Math.abs(a[at]! - b[at]!)
  return sum
}
