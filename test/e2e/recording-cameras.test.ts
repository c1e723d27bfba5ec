import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { inspectSegment, type SegmentInspection } from '../../src/media/segment-file/index.ts'
import { follows } from '../../src/wire/mp4/index.ts'
import { runProgram } from '../support/frame-hashes.ts'
import { GST_PIPELINES, startGstCamera } from '../support/gst-camera.ts'
import { publish, startMediaMtx } from '../support/mediamtx.ts'
import { hasGstRtspServer, hasProgram } from '../support/programs.ts'
import { ffprobe } from '../support/rtp-capture.ts'
import { TestSite } from '../support/test-site.ts'

const FFMPEG = hasProgram('ffmpeg') && hasProgram('ffprobe')
const GSTREAMER = hasGstRtspServer()
const MEDIAMTX = hasProgram('mediamtx', ['--version'])
/** Milliseconds that the cameras are recorded: three segments of 4 s at least. */
const RECORDED = 12_000
const PASSWORD = 'dig3st s&cret'

interface Expected {
  readonly id: string
  readonly codec: string
  readonly size: string
  readonly audio?: string
  readonly bFrames?: boolean
}

/** ffmpeg decodes the whole file without a word. */
async function decode(path: string): Promise<void> {
  const { code, stderr } = await runProgram('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-'], 60_000)
  expect([path, stderr, code]).toEqual([path, '', 0])
}

/** What stands in the segments of one camera: whole, in order, and one where the other ends. */
async function checkSegments(site: TestSite, { id, codec, size, audio, bFrames = false }: Expected): Promise<void> {
  const paths = site.segments(id)
  expect(paths.length).toBeGreaterThanOrEqual(3)
  let before: SegmentInspection | undefined
  /** Seconds by which the sound of the file before was longer than its picture. */
  let ahead: number | undefined
  let seconds = 0
  for (const path of paths) {
    const segment = (await inspectSegment(path))!
    expect(segment).toMatchObject({ complete: true, gaps: 0, tail: 'whole' })
    if (before) {
      const facts = JSON.stringify([before.mark, before.duration, segment.mark])
      expect(follows(before.mark!, before.duration, segment.mark!), facts).toBe(true)
    }
    before = segment
    const { streams } = ffprobe(['-show_streams', '-count_packets', path])
    const [video, sound] = streams
    expect(`${video!.width}x${video!.height}`).toBe(size)
    expect(video).toMatchObject({ codec_name: codec, nb_read_packets: String(segment.frames) })
    expect(Number(video!.has_b_frames) > 0).toBe(bFrames)
    const duration = segment.duration / segment.timescale
    // ffprobe counts from the first picture decoded to the end of the last shown: two frames more with B-frames.
    expect(Math.abs(Number(video!.duration) - duration)).toBeLessThan(0.15)
    expect(sound?.codec_name).toBe(audio)
    if (sound) {
      // A camera whose encoder is late sends sound that is ahead of its picture: where sound ends in one file it goes on in
      // the next, to within a sound frame, and there is no less of it than of the picture.
      if (ahead !== undefined) expect(Math.abs(Number(sound.start_time) - ahead)).toBeLessThan(0.065)
      ahead = Number(sound.duration) - duration
      expect(ahead).toBeGreaterThan(-0.5)
    }
    seconds += duration
    await decode(path)
  }
  expect(seconds).toBeGreaterThan(RECORDED / 1_000 - 1.5)
}

async function checkStatus(site: TestSite, { id, codec, size, audio, bFrames = false }: Expected): Promise<void> {
  const { health, main, recording } = await site.camera(id)
  expect({ id, health, main, recording }).toMatchObject({
    id,
    health: 'ok',
    main: {
      state: 'playing',
      codec: codec === 'hevc' ? 'h265' : codec,
      audio: audio === 'pcm_mulaw' ? 'pcmu' : (audio ?? null),
      bFrames,
      packetsLost: 0,
      damaged: 0,
      reconnects: 0,
    },
    recording: { engine: 'native', fallback: null, active: true, reason: null },
  })
  expect(`${main!.width}x${main!.height}`).toBe(size)
}

/** Cameras of programs that nobody here wrote, all at one daemon; what is not installed is left out. */
const GST_CAMERAS: readonly Expected[] = [
  { id: 'h264', codec: 'h264', size: '640x360' },
  { id: 'b-frames', codec: 'h264', size: '640x360', bFrames: true },
  { id: 'h265-aac', codec: 'hevc', size: '640x360', audio: 'aac' },
  { id: 'h264-pcmu', codec: 'h264', size: '640x360', audio: 'pcm_mulaw' },
  { id: 'digest', codec: 'h264', size: '640x360' },
]
const RELAYED: Expected = { id: 'relayed', codec: 'h264', size: '320x180', audio: 'aac', bFrames: true }
/** Codecs that the native recorder does not write, by camera: as the SDP names them, and as ffprobe does. */
const FOREIGN = { mjpeg: ['JPEG', 'mjpeg'], mpeg4: ['MP4V-ES', 'mpeg4'] } as const

describe.skipIf(!FFMPEG || !(GSTREAMER || MEDIAMTX))('cameras of other makers', () => {
  const site = new TestSite({ segment: 4 })
  const urls = new Map<string, string>()

  /** One server each: a server that begins an encoder for one path answers nobody else meanwhile. */
  async function startGStreamer(): Promise<void> {
    const { h264, h264BFrames, h265Aac, h264Pcmu, mjpeg } = GST_PIPELINES
    const pipelines = { h264, 'b-frames': h264BFrames, 'h265-aac': h265Aac, 'h264-pcmu': h264Pcmu, mjpeg, digest: h264 }
    for (const [id, pipeline] of Object.entries(pipelines)) {
      const login = id === 'digest' ? `admin:${PASSWORD}` : undefined
      const camera = await startGstCamera({ '/cam': pipeline }, login)
      site.defer(() => camera.stop())
      urls.set(id, `rtsp://127.0.0.1:${camera.port}/cam`)
    }
  }

  async function startRelay(): Promise<void> {
    const relay = await startMediaMtx(site.dir)
    site.defer(() => relay.stop())
    const picture = (rate: number) => ['-re', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${rate}`]
    const x264 = '-c:v libx264 -preset ultrafast -bf 2 -g 25 -sc_threshold 0 -pix_fmt yuv420p'.split(' ')
    const sources = {
      relayed: [...picture(25), '-f', 'lavfi', '-i', 'sine=r=48000', ...x264, '-c:a', 'aac'],
      mpeg4: [...picture(15), '-c:v', 'mpeg4', '-g', '15', '-b:v', '500k'],
    }
    for (const [id, source] of Object.entries(sources)) {
      const url = `rtsp://127.0.0.1:${relay.port}/${id}`
      const publisher = publish(source, url)
      site.defer(() => publisher.stop())
      urls.set(id, url)
    }
  }

  beforeAll(async () => {
    if (GSTREAMER) await startGStreamer()
    if (MEDIAMTX) await startRelay()
    const secret = join(site.dir, 'secret')
    writeFileSync(secret, `${PASSWORD}\n`, { mode: 0o600 })
    site.write(
      [...urls].map(([id, url]) => `{ id: ${id}, main: "${url}"${id === 'digest' ? ', credentials: cam' : ''} }`),
      [`credentials: { cam: { username: admin, password: { file: ${secret} } } }`],
    )
    await site.start()
    await site.recording(undefined, 60)
    await sleep(systemClock, RECORDED)
  })

  afterAll(() => site[Symbol.asyncDispose]())

  async function recordedByFfmpeg(id: keyof typeof FOREIGN): Promise<void> {
    const [codec] = FOREIGN[id]
    const { health, main, recording } = await site.camera(id)
    expect({ health, main, recording }).toMatchObject({
      health: 'ok',
      main: { codec, state: 'playing', packetsLost: 0, reconnects: 0 },
      recording: {
        engine: 'ffmpeg',
        fallback: `the native recorder does not write ${codec}`,
        active: true,
        reason: null,
      },
    })
  }

  async function checkFfmpegSegments(id: keyof typeof FOREIGN): Promise<void> {
    const paths = site.segments(id)
    expect(paths.length).toBeGreaterThanOrEqual(2)
    let seconds = 0
    for (const path of paths) {
      const { streams } = ffprobe(['-show_streams', path])
      expect(streams[0]).toMatchObject({ codec_name: FOREIGN[id][1], width: 320 })
      seconds += Number(streams[0]!.duration)
      await decode(path)
    }
    expect(seconds).toBeGreaterThan(RECORDED / 1_000 - 2)
    const told = (await site.journal(id)).flatMap(entry => (entry.type === 'segment' ? [entry.path] : []))
    expect(told.map(path => join(site.archive, path)).sort()).toEqual(paths)
  }

  describe.skipIf(!GSTREAMER)("GStreamer's RTSP server", () => {
    it.each(GST_CAMERAS)('$id is recorded without a packet lost', expected => checkStatus(site, expected))
    it('MJPEG is recorded by ffmpeg instead, and the status says why', () => recordedByFfmpeg('mjpeg'))
  })

  describe.skipIf(!MEDIAMTX)('ffmpeg through MediaMTX', () => {
    it('is recorded without a packet lost', () => checkStatus(site, RELAYED))
    it('MPEG-4 part 2 is recorded by ffmpeg instead, and the status says why', () => recordedByFfmpeg('mpeg4'))
  })

  describe('stopped: every segment decodes without a word, and follows the one before', () => {
    beforeAll(() => site.stop())

    it.skipIf(!GSTREAMER).each(GST_CAMERAS)('$id', expected => checkSegments(site, expected))
    it.skipIf(!GSTREAMER)('MJPEG', () => checkFfmpegSegments('mjpeg'))
    it.skipIf(!MEDIAMTX)('ffmpeg through MediaMTX', () => checkSegments(site, RELAYED))
    it.skipIf(!MEDIAMTX)('MPEG-4 part 2', () => checkFfmpegSegments('mpeg4'))

    it('the password of a camera stands in no log, state file or journal', () => {
      for (const path of site.stateFiles()) expect([path, readFileSync(path).includes(PASSWORD)]).toEqual([path, false])
    })
  })
})
