import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectSegment, repairSegment } from '../../src/media/segment-file/index.ts'
import { BrowserPlayer, filePage, hasChromium, RangeServer } from '../support/browser-player.ts'
import { type EncodedTrack, encodeAudio, encodeVideo, repeat } from '../support/encoded-media.ts'
import { mux } from '../support/mux.ts'
import { hasProgram } from '../support/programs.ts'

const run = promisify(execFile)
const SECONDS = 4

const directory = mkdtempSync(join(tmpdir(), 'vmsctl-players-'))
afterAll(() => rmSync(directory, { recursive: true }))

interface Made {
  readonly path: string
  readonly tracks: readonly EncodedTrack[]
}

const FILES = [
  'h264',
  'h264 with B-frames',
  'h265',
  'h265 with B-frames',
  'h264 and aac',
  'h264 with B-frames and pcmu',
  'h265 and pcma',
] as const

describe.skipIf(!hasProgram('ffmpeg') || !hasProgram('ffprobe'))('our files', () => {
  const files = new Map<string, Made>()
  const made = (name: string) => files.get(name)!

  beforeAll(() => {
    const tracks: Record<string, () => EncodedTrack> = {
      h264: () => encodeVideo(directory, { codec: 'h264', seconds: SECONDS }),
      'h264 with B-frames': () => encodeVideo(directory, { codec: 'h264', seconds: SECONDS, bFrames: 2 }),
      h265: () => encodeVideo(directory, { codec: 'h265', seconds: SECONDS }),
      'h265 with B-frames': () => encodeVideo(directory, { codec: 'h265', seconds: SECONDS, bFrames: 2 }),
      aac: () => encodeAudio(directory, 'aac', SECONDS),
      pcmu: () => encodeAudio(directory, 'pcmu', SECONDS),
      pcma: () => encodeAudio(directory, 'pcma', SECONDS),
    }
    const encoded = new Map(Object.entries(tracks).map(([name, encode]) => [name, encode()]))
    for (const name of FILES) {
      const parts = name.split(' and ').map(part => encoded.get(part)!)
      const path = join(directory, `${name.replaceAll(' ', '-')}.mp4`)
      writeFileSync(path, mux(parts))
      files.set(name, { path, tracks: parts })
    }
  })

  describe.each(FILES)('with %s', name => {
    it('are decoded by ffmpeg without a word', async () => {
      const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', made(name).path, '-f', 'null', '-'])
      expect(stderr).toBe('')
    })

    it('are described by ffprobe as what was put in', () => {
      const { path, tracks } = made(name)
      const { streams } = probe(path, 'stream') as { streams: Record<string, string | number>[] }
      for (const [index, { parameters, units }] of tracks.entries()) {
        const video = index === 0
        const stream = streams[index]!
        expect(stream.codec_name).toBe(FFMPEG_NAMES[parameters.codec])
        expect(Number(stream.nb_read_frames)).toBe(units.length)
        if (!video) continue
        expect([stream.width, stream.height]).toEqual([320, 180])
        expect(Number(stream.has_b_frames) > 0).toBe(name.includes('B-frames'))
        expect(Math.abs(Number(stream.duration) - SECONDS)).toBeLessThan(0.1)
        expect(stream.avg_frame_rate).toBe('25/1')
      }
    })

    it('give ffprobe the times and sizes that were put in', () => {
      const { path, tracks } = made(name)
      for (const [index, { units }] of tracks.entries()) {
        const { packets } = probe(path, 'packet', index) as { packets: Record<string, string | number>[] }
        const got = packets.map(({ pts, dts, size, flags }) => [pts, dts, Number(size), String(flags).startsWith('K')])
        const put = units.map(({ bytes, decodeTime, compositionOffset, key }) => [
          decodeTime + compositionOffset,
          decodeTime,
          bytes.length,
          key,
        ])
        expect(got).toEqual(put)
      }
    })

    it.skipIf(!hasProgram('gst-launch-1.0', ['--version']))('play to the end in GStreamer', async () => {
      const { path, tracks } = made(name)
      const sinks = tracks.flatMap(() => ['d.', '!', 'queue', '!', 'fakesink', 'sync=false'])
      const { stdout } = await run('gst-launch-1.0', [
        'filesrc',
        `location=${path}`,
        '!',
        'decodebin',
        'name=d',
        ...sinks,
      ])
      expect(stdout).toContain('Got EOS')
    })
  })

  it('can be opened while they are written, and repaired after a crash', async () => {
    const { tracks } = made('h264 and aac')
    const bytes = mux(tracks, { open: true })
    const path = join(directory, 'open.mp4')
    writeFileSync(path, bytes.subarray(0, bytes.length - 1_000))
    const frames = () => (probe(path, 'stream') as { streams: Record<string, string>[] }).streams[0]!.nb_read_frames
    expect(Number(frames())).toBeGreaterThanOrEqual(75)
    expect(await repairSegment(path)).toMatchObject({ outcome: 'repaired', segment: { frames: 75, complete: true } })
    expect(Number(frames())).toBe(75)
    const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-'])
    expect(stderr).toBe('')
  })

  it('are found by ffmpeg at a time far in without reading what is before', async () => {
    const { tracks } = made('h264 with B-frames and pcmu')
    const path = join(directory, 'long.mp4')
    writeFileSync(path, mux(tracks.map(track => repeat(track, 30))))
    expect(await inspectSegment(path)).toMatchObject({ frames: 3_000, gaps: 0, complete: true })
    const seek = ['-v', 'error', '-xerror', '-ss', '100.2', '-i', path, '-map', '0:v', '-frames:v', '5']
    const sought = await run('ffmpeg', [...seek, '-f', 'framemd5', '-'])
    const short = join(directory, 'h264-with-B-frames-and-pcmu.mp4')
    const start = ['-v', 'error', '-ss', '0.2', '-i', short, '-map', '0:v', '-frames:v', '5', '-f', 'framemd5', '-']
    const hashes = (text: string) => text.match(/[0-9a-f]{32}/g)
    expect(hashes(sought.stdout)?.length).toBe(5)
    expect(hashes(sought.stdout)).toEqual(hashes((await run('ffmpeg', start)).stdout))
    expect(sought.stderr).toBe('')
  })

  describe.skipIf(!hasChromium())('in Chromium', () => {
    it.each(['h264', 'h264 with B-frames', 'h264 and aac'])('play and seek from disk: %s', async name => {
      await using player = await BrowserPlayer.start()
      const { path, tracks } = made(name)
      const played = await player.play(filePage(directory), pathToFileURL(path).href, 0.6)
      expect(played.error).toBeUndefined()
      expect(played.width).toBe(320)
      expect(Math.abs(played.duration - SECONDS)).toBeLessThan(0.2)
      expect(Math.abs(played.soughtTo - played.duration * 0.6)).toBeLessThan(0.1)
      expect(Math.abs(played.endedAt - played.duration)).toBeLessThan(0.1)
      if (tracks.length > 1) expect(played.audioBytes).toBeGreaterThan(0)
    })

    it('are fetched over HTTP only where they are shown', async () => {
      const track = encodeVideo(directory, { codec: 'h264', seconds: SECONDS, size: '1280x720' })
      const file = mux([repeat(track, 45)])
      writeFileSync(join(directory, 'three-minutes.mp4'), file)
      await using player = await BrowserPlayer.start()
      await using server = new RangeServer(directory)
      const page = await server.listen()
      const played = await player.play(page, `${page}three-minutes.mp4`, 0.83)
      expect(played.error).toBeUndefined()
      expect(Math.abs(played.duration - 180)).toBeLessThan(0.1)
      expect(Math.abs(played.soughtTo - 149.4)).toBeLessThan(0.1)
      // Without an index it asks some 160 times, for more bytes than the file has.
      expect(server.requests).toBeLessThan(20)
      expect(server.bytes).toBeLessThan(file.length / 2)
    })
  })
})

const FFMPEG_NAMES = {
  h264: 'h264',
  h265: 'hevc',
  aac: 'aac',
  pcmu: 'pcm_mulaw',
  pcma: 'pcm_alaw',
}

/** What ffprobe says of all streams, or of the packets of one. */
function probe(path: string, what: 'stream' | 'packet', stream = 0): unknown {
  const entries =
    what === 'stream'
      ? ['-count_frames', '-show_streams']
      : ['-select_streams', `${stream}`, '-show_entries', 'packet=pts,dts,size,flags']
  return JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...entries, '-of', 'json', path]).toString())
}
