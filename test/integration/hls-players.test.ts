import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  spawnVirtualCameras,
  type VirtualCamerasOptions,
  type VirtualCamerasProcess,
} from '../../src/media/virtual/index.ts'
import { runProgram } from '../support/frame-hashes.ts'
import { hasProgram } from '../support/programs.ts'
import { eventually, ViewingWorker, wantedCamera } from '../support/viewing-worker.ts'

const GST_PLAYER = fileURLToPath(new URL('../support/gst-hls-player.py', import.meta.url))

/** What cameras send, and what players must be able to make of it. */
const KINDS: Record<string, Partial<VirtualCamerasOptions>> = {
  'H.264 and AAC': { audio: 'aac' },
  'H.264 with B-frames': { bframes: true },
  'H.264 and G.711': { audio: 'pcmu' },
  'H.265 and AAC': { codec: 'h265', audio: 'aac' },
}

describe.skipIf(!hasProgram('ffmpeg')).each(Object.entries(KINDS))('%s', { concurrent: true }, (kind, options) => {
  let cameras: VirtualCamerasProcess
  let worker: ViewingWorker
  const url = () => `${worker.url}/hls/cam-001/sub/index.m3u8`

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 1, ...options })
    worker = new ViewingWorker()
    await worker.apply([wantedCamera(cameras.url, 'cam-001')])
    await eventually(() => worker.worker.status().viewing?.listening !== undefined)
  })

  afterAll(async () => {
    await worker[Symbol.asyncDispose]()
    await cameras.stop()
  })

  it('is played by ffmpeg: every picture, none damaged', async () => {
    const played = await runProgram('ffmpeg', [
      ...['-hide_banner', '-loglevel', 'repeat+warning', '-err_detect', 'explode', '-i', url()],
      ...['-t', '6', '-fps_mode', 'passthrough', '-progress', '-', '-f', 'null', '-'],
    ])
    const complaints = played.stderr.split('\n').filter(line => line !== '' && !line.includes('duplicated MOOV'))
    expect({ code: played.code, complaints }).toEqual({ code: 0, complaints: [] })
    const frames = [...played.stdout.toString().matchAll(/^frame=(\d+)$/gm)].map(([, count]) => Number(count))
    expect(frames.at(-1)).toBeGreaterThanOrEqual(149)
    expect(frames.at(-1)).toBeLessThanOrEqual(151)
  })

  it.skipIf(!hasProgram('gst-launch-1.0', ['--version']))('is played by GStreamer', async () => {
    expect(await runProgram('/usr/bin/python3', [GST_PLAYER, url(), '150'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('tells what it consists of', async () => {
    const index = await (await fetch(url())).text()
    const codecs = /CODECS="(.*?)"/.exec(index)![1]!.split(',')
    expect(codecs[0]).toMatch(kind.startsWith('H.265') ? /^hvc1\./ : /^avc1\.[0-9a-f]{6}$/)
    // G.711 has no place in it.
    expect(codecs.slice(1)).toEqual(kind.endsWith('AAC') ? ['mp4a.40.2'] : [])
    expect(index).toContain('RESOLUTION=640x360')
  })
})
