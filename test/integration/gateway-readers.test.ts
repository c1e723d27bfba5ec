import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { Gateway } from '../../src/media/gateway/index.ts'
import { TokenGate, ViewerBook } from '../../src/media/viewers/index.ts'
import { type EncodedTrack, encodeAudio, encodeVideo } from '../support/encoded-media.ts'
import { decodedHashes, departure, pictureHashes, runProgram } from '../support/frame-hashes.ts'
import { LoopedStream } from '../support/looped-stream.ts'
import { startMediaMtx } from '../support/mediamtx.ts'
import { hasGstRtspServer, hasProgram } from '../support/programs.ts'

const GOP = 25
const SIZE = '320x180'
/** Every picture once, at its own time. */
const RAW = ['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'rawvideo', '-']
const LOGIN = { username: 'viewer', password: 'pa:ss wörd' }
/** GStreamer's RTSP client; see the program for its arguments. */
const gstPlay = (...args: readonly (string | number)[]) =>
  runProgram('/usr/bin/python3', [
    fileURLToPath(new URL('../support/gst-player.py', import.meta.url)),
    ...args.map(String),
  ])
const FFMPEG = hasProgram('ffmpeg') && hasProgram('ffprobe')
const GSTREAMER = hasGstRtspServer()
const MEDIAMTX = hasProgram('mediamtx', ['--version'])

/** What the cameras of this test send, and how each player takes it. */
const CAMERAS = {
  'h264-aac': { codec: 'h264', depay: 'rtph264depay ! h264parse ! avdec_h264' },
  'h265-pcmu': { codec: 'h265', depay: 'rtph265depay ! h265parse ! avdec_h265' },
} as const
type Camera = keyof typeof CAMERAS
/** A camera that goes away, which is nothing for the others' readers. */
const LEAVING = 'leaving'

// All at once: they wait for pictures, which come in real time.
describe.skipIf(!FFMPEG)('players read the gateway', { concurrent: true }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-readers-'))
  const streams = new Map<string, LoopedStream>()
  /** What a decoder makes of each camera's frames. Made before anything plays: whoever does it stands still meanwhile. */
  const pictures = new Map<string, string[]>()
  let gateway: Gateway
  let locked: Gateway
  const expected = (camera: Camera) => pictures.get(camera)!
  const url = (camera: Camera | typeof LEAVING) => `rtsp://${gateway.status().listening}/${camera}/main`

  beforeAll(async () => {
    const media: Record<Camera, EncodedTrack[]> = {
      'h264-aac': [encodeVideo(directory, { codec: 'h264', seconds: 4, bFrames: 2 }), encodeAudio(directory, 'aac', 4)],
      'h265-pcmu': [encodeVideo(directory, { codec: 'h265', seconds: 4 }), encodeAudio(directory, 'pcmu', 4)],
    }
    for (const [camera, [video]] of Object.entries(media)) pictures.set(camera, decodedHashes(video!, SIZE))
    for (const [camera, tracks] of Object.entries({ ...media, [LEAVING]: media['h264-aac'] })) {
      const stream = new LoopedStream({ camera, tracks, clock: systemClock })
      if (camera !== LEAVING) stream.start()
      streams.set(camera, stream)
    }
    gateway = newGateway('open')
    locked = newGateway('locked', LOGIN)
    await Promise.all([gateway.start(), locked.start()])
  })

  afterAll(async () => {
    for (const stream of streams.values()) stream.stop()
    await Promise.all([gateway?.stop(), locked?.stop()])
    rmSync(directory, { recursive: true })
  })

  function newGateway(name: string, login?: typeof LOGIN): Gateway {
    const tokens = new TokenGate(systemClock)
    return new Gateway({
      tokens,
      viewers: new ViewerBook(tokens),
      directory: { find: (camera, stream) => (stream === 'main' ? streams.get(camera)?.hub : undefined) },
      settings: { host: '127.0.0.1', port: 0, username: login?.username, password: login?.password, linger: 1_000 },
      peers: [],
      socketPath: join(directory, `${name}.sock`),
      clock: systemClock,
      log: silentLogger,
      random: Math.random,
    })
  }

  const takes = (source: string, ...input: string[]) =>
    runProgram('ffmpeg', [
      ...['-v', 'warning', '-xerror', ...input, '-i', source],
      ...['-map', '0:v', '-frames:v', '60', ...RAW],
    ])

  it.each<[Camera, string]>([
    ['h264-aac', 'tcp'],
    ['h264-aac', 'udp'],
    ['h265-pcmu', 'tcp'],
    ['h265-pcmu', 'udp'],
  ])('ffmpeg decodes %s over %s, picture by picture', async (camera, transport) => {
    const { code, stdout, stderr } = await takes(url(camera), '-rtsp_transport', transport)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const seen = pictureHashes(stdout, SIZE)
    expect(seen.length).toBe(60)
    expect(departure(seen, expected(camera))).toBeUndefined()
  })

  it.each<[Camera, string]>([
    ['h264-aac', 'h264,aac'],
    ['h265-pcmu', 'hevc,pcm_mulaw'],
  ])('ffprobe finds both tracks of %s', async (camera, codecs) => {
    const args = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', url(camera)]
    const { stdout, stderr } = await runProgram('ffprobe', args)
    expect(stderr).toBe('')
    expect(stdout.toString().trim().split('\n').join(',')).toBe(codecs)
  })

  it('sound and picture are together, by what ffmpeg makes of the sender reports', async () => {
    const entries = ['-show_entries', 'packet=stream_index,pts_time', '-of', 'csv=p=0']
    const args = ['-v', 'error', '-rtsp_transport', 'tcp', '-read_intervals', '%+6', ...entries, url('h264-aac')]
    const { stdout } = await runProgram('ffprobe', args)
    const times = stdout
      .toString()
      .trim()
      .split('\n')
      .map(line => line.split(','))
    const last = (index: string) => Number(times.findLast(([stream]) => stream === index)?.[1])
    expect(times.length).toBeGreaterThan(200)
    expect(Math.abs(last('0') - last('1'))).toBeLessThan(0.5)
  })

  it.skipIf(!GSTREAMER).each<[Camera, string]>([
    ['h264-aac', 'tcp'],
    ['h264-aac', 'udp'],
    ['h265-pcmu', 'tcp'],
    ['h265-pcmu', 'udp'],
  ])('GStreamer decodes %s over %s, picture by picture', async (camera, transport) => {
    const file = join(directory, `${camera}-${transport}.yuv`)
    const { code, stderr } = await gstPlay(url(camera), transport, CAMERAS[camera].depay, 60, file)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const seen = pictureHashes(readFileSync(file), SIZE)
    expect(seen.length).toBe(60)
    expect(departure(seen, expected(camera))).toBeUndefined()
  })

  it.skipIf(!MEDIAMTX)('MediaMTX pulls a stream and passes it on', async () => {
    const relay = await startMediaMtx(directory, `{ gate: { source: "${url('h264-aac')}" } }`)
    try {
      const { stdout } = await runProgram('ffmpeg', [
        ...['-v', 'fatal', '-rtsp_transport', 'tcp', '-i', `rtsp://127.0.0.1:${relay.port}/gate`],
        ...['-map', '0:v', '-frames:v', '100', ...RAW],
      ])
      const seen = pictureHashes(stdout, SIZE)
      const loop = expected('h264-aac')
      // MediaMTX lets its reader in between two key frames: what it decodes before the first is no picture.
      const clean = seen.findIndex(hash => loop.indexOf(hash) % GOP === 0)
      expect(clean).toBeGreaterThanOrEqual(0)
      expect(clean).toBeLessThan(2 * GOP)
      expect(departure(seen.slice(clean), loop)).toBeUndefined()
    } finally {
      await relay.stop()
    }
  })

  it('a login is Digest: right ones play, wrong ones get 401', async () => {
    const path = `${locked.status().listening}/h264-aac/main`
    const login = (password: string) => `${LOGIN.username}:${encodeURIComponent(password)}@`
    const right = await takes(`rtsp://${login(LOGIN.password)}${path}`, '-rtsp_transport', 'tcp')
    expect(right.stderr).toBe('')
    expect(right.code).toBe(0)
    for (const user of ['', login('wrong')]) {
      const { code, stderr } = await takes(`rtsp://${user}${path}`, '-rtsp_transport', 'tcp')
      expect(stderr).toContain('401')
      expect(code).not.toBe(0)
    }
  })

  it.skipIf(!GSTREAMER)('GStreamer logs in too', async () => {
    const login = (password: string) =>
      gstPlay(
        `rtsp://${locked.status().listening}/h264-aac/main`,
        'tcp',
        CAMERAS['h264-aac'].depay,
        20,
        '/dev/null',
        LOGIN.username,
        password,
      )
    expect(await login(LOGIN.password)).toMatchObject({ code: 0, stderr: '' })
    const wrong = await login('wrong')
    expect(wrong.code).not.toBe(0)
    expect(wrong.stderr).toMatch(/unauthorized/i)
  })

  it('a reader stays while the camera reconnects', async () => {
    const stream = streams.get(LEAVING)!
    // It begins here so that it goes in the middle of its loop: gone at the end it would seem to go on.
    stream.start()
    const reading = runProgram('ffmpeg', [
      ...['-v', 'warning', '-xerror', '-rtsp_transport', 'tcp', '-i', url(LEAVING), '-map', '0:v', '-t', '7'],
      ...RAW,
    ])
    await sleep(systemClock, 3_000)
    stream.stop()
    await sleep(systemClock, 1_000)
    stream.start('reconnect')
    const { code, stdout, stderr } = await reading
    expect(stderr).toBe('')
    expect(code).toBe(0)
    // The camera begins anew with its first picture; before and after it nothing is missing but the B-frames of the cut.
    const seen = pictureHashes(stdout, SIZE)
    const loop = expected('h264-aac')
    const restart = seen.findLastIndex((hash, index) => hash === loop[0] && seen[index - 1] !== loop.at(-1))
    expect(restart).toBeGreaterThan(20)
    expect(departure(seen.slice(0, restart - 3), loop)).toBeUndefined()
    expect(departure(seen.slice(restart), loop)).toBeUndefined()
    expect(seen.length).toBeGreaterThan(100)
  })
})
