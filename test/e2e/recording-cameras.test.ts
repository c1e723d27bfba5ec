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
/** Milliseconds that the cameras are recorded: three segments of 5 s at least. */
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
  let seconds = 0
  for (const path of paths) {
    const segment = (await inspectSegment(path))!
    expect(segment).toMatchObject({ complete: true, gaps: 0, tail: 'whole' })
    if (before) expect(follows(before.mark!, before.duration, segment.mark!)).toBe(true)
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
    // A sound frame is 64 ms long at the most; both tracks of a segment cover the same time.
    if (audio !== undefined) expect(Math.abs(Number(sound!.duration) - duration)).toBeLessThan(0.5)
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

describe.skipIf(!GSTREAMER || !FFMPEG)("GStreamer's RTSP server as camera", () => {
  const CAMERAS: readonly Expected[] = [
    { id: 'h264', codec: 'h264', size: '640x360' },
    { id: 'b-frames', codec: 'h264', size: '640x360', bFrames: true },
    { id: 'h265-aac', codec: 'hevc', size: '640x360', audio: 'aac' },
    { id: 'h264-pcmu', codec: 'h264', size: '640x360', audio: 'pcm_mulaw' },
    { id: 'digest', codec: 'h264', size: '640x360' },
  ]
  const site = new TestSite({ segment: 5 })

  beforeAll(async () => {
    // One server each: a server that begins an encoder for one path answers nobody else meanwhile.
    const ports = new Map<string, number>()
    const { h264, h264BFrames, h265Aac, h264Pcmu, mjpeg } = GST_PIPELINES
    const pipelines = { h264, 'b-frames': h264BFrames, 'h265-aac': h265Aac, 'h264-pcmu': h264Pcmu, mjpeg, digest: h264 }
    for (const [id, pipeline] of Object.entries(pipelines)) {
      const login = id === 'digest' ? `admin:${PASSWORD}` : undefined
      const camera = await startGstCamera({ [`/${id}`]: pipeline }, login)
      site.defer(() => camera.stop())
      ports.set(id, camera.port)
    }
    const secret = join(site.dir, 'secret')
    writeFileSync(secret, `${PASSWORD}\n`, { mode: 0o600 })
    site.write(
      [...ports].map(([id, port]) => {
        const credentials = id === 'digest' ? ', credentials: cam' : ''
        return `{ id: ${id}, main: "rtsp://127.0.0.1:${port}/${id}"${credentials} }`
      }),
      [`credentials: { cam: { username: admin, password: { file: ${secret} } } }`],
    )
    await site.start()
    await site.recording(undefined, 60)
    await sleep(systemClock, RECORDED)
  })

  afterAll(() => site[Symbol.asyncDispose]())

  it.each(CAMERAS)('$id is recorded without a packet lost', expected => checkStatus(site, expected))

  it('MJPEG is recorded by ffmpeg instead, and the status says why', async () => {
    const { health, main, recording } = await site.camera('mjpeg')
    expect({ health, main, recording }).toMatchObject({
      health: 'ok',
      main: { codec: 'JPEG', state: 'playing', packetsLost: 0, reconnects: 0 },
      recording: { engine: 'ffmpeg', fallback: 'the native recorder does not write JPEG', active: true, reason: null },
    })
  })

  describe('stopped', () => {
    beforeAll(() => site.stop())

    it.each(CAMERAS)('$id: every segment decodes without a word and follows the one before', expected =>
      checkSegments(site, expected),
    )

    it('MJPEG: every segment decodes without a word and is in the journal', async () => {
      const paths = site.segments('mjpeg')
      expect(paths.length).toBeGreaterThanOrEqual(2)
      let seconds = 0
      for (const path of paths) {
        const { streams } = ffprobe(['-show_streams', path])
        expect(streams[0]).toMatchObject({ codec_name: 'mjpeg', width: 320, height: 240 })
        seconds += Number(streams[0]!.duration)
        await decode(path)
      }
      expect(seconds).toBeGreaterThan(RECORDED / 1_000 - 2)
      const told = (await site.journal('mjpeg')).filter(entry => entry.type === 'segment').map(({ path }) => path)
      expect(told.map(path => join(site.archive, path)).sort()).toEqual(paths)
    })

    it('the password of a camera stands in no log, state file or journal', () => {
      for (const path of site.stateFiles()) expect([path, readFileSync(path).includes(PASSWORD)]).toEqual([path, false])
    })
  })
})

describe.skipIf(!MEDIAMTX || !FFMPEG)('ffmpeg as camera through MediaMTX', () => {
  const site = new TestSite({ segment: 5 })
  const EXPECTED: Expected = { id: 'relayed', codec: 'h264', size: '320x180', audio: 'aac', bFrames: true }

  beforeAll(async () => {
    const relay = await startMediaMtx(site.dir)
    site.defer(() => relay.stop())
    const url = `rtsp://127.0.0.1:${relay.port}`
    const picture = (rate: number) => ['-re', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${rate}`]
    const x264 = '-c:v libx264 -preset ultrafast -bf 2 -g 25 -sc_threshold 0 -pix_fmt yuv420p'.split(' ')
    const sound = ['-f', 'lavfi', '-i', 'sine=r=48000']
    const sources = [
      publish([...picture(25), ...sound, ...x264, '-c:a', 'aac'], `${url}/relayed`),
      publish([...picture(15), '-c:v', 'mpeg4', '-g', '15', '-b:v', '500k'], `${url}/old`),
    ]
    for (const source of sources) site.defer(() => source.stop())
    site.write(['relayed', 'old'].map(id => `{ id: ${id}, main: "${url}/${id}" }`))
    await site.start()
    await site.recording(undefined, 60)
    await sleep(systemClock, RECORDED)
  })

  afterAll(() => site[Symbol.asyncDispose]())

  it('is recorded without a packet lost', () => checkStatus(site, EXPECTED))

  it('MPEG-4 part 2 is recorded by ffmpeg instead', async () => {
    const { recording, health } = await site.camera('old')
    expect({ recording, health }).toMatchObject({
      health: 'ok',
      recording: { engine: 'ffmpeg', fallback: 'the native recorder does not write MP4V-ES', active: true },
    })
  })

  it('every segment decodes without a word', async () => {
    await site.stop()
    await checkSegments(site, EXPECTED)
    const paths = site.segments('old')
    expect(paths.length).toBeGreaterThanOrEqual(2)
    for (const path of paths) {
      expect(ffprobe(['-show_streams', path]).streams[0]).toMatchObject({ codec_name: 'mpeg4', width: 320 })
      await decode(path)
    }
  })
})
