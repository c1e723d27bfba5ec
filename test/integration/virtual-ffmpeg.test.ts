import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  selfSignedCertificate,
  VirtualCameras,
  type VirtualCamerasOptions,
  verifyFrames,
} from '../../src/media/virtual/index.ts'
import { runProgram } from '../support/frame-hashes.ts'
import { hasProgram } from '../support/programs.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vms-virtual-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

interface Ran {
  readonly code: number
  readonly errors: string
}

/** Runs ffmpeg to its end; what it has to say is an error. */
async function ffmpeg(...args: string[]): Promise<Ran> {
  const { code, stderr } = await runProgram('ffmpeg', ['-nostdin', '-y', '-loglevel', 'warning', ...args], 60_000)
  return { code: code ?? 1, errors: stderr }
}

/** What ffprobe prints, a line for each thing. */
async function ffprobe(path: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await runProgram('ffprobe', ['-loglevel', 'error', '-of', 'csv=p=0', ...args, path], 20_000)
  return stdout.toString().trim().split('\n')
}

async function withCameras(
  options: Partial<VirtualCamerasOptions>,
  use: (cameras: VirtualCameras) => Promise<void>,
): Promise<void> {
  const cameras = new VirtualCameras({ gop: 25, ...options })
  await cameras.start()
  try {
    await use(cameras)
  } finally {
    await cameras.stop()
  }
}

const FFMPEG = hasProgram('ffmpeg')

// All at once: most of the time is the cameras' real time.
describe.skipIf(!FFMPEG)('ffmpeg', { concurrent: true }, () => {
  it.each<[string, Partial<VirtualCamerasOptions>, string]>([
    ['H.264', {}, 'tcp'],
    ['H.264 over UDP', {}, 'udp'],
    ['H.264 with B-frames, a key frame every 32 frames', { bframes: true, gop: 32 }, 'tcp'],
    ['H.265', { codec: 'h265' }, 'tcp'],
    ['H.265 with B-frames, at 12.5 frames a second', { codec: 'h265', bframes: true, fps: 12.5, gop: 13 }, 'tcp'],
    ['parameter sets in band only', { parameterSets: 'in-band' }, 'tcp'],
    ['parameter sets in the SDP only', { parameterSets: 'sdp' }, 'tcp'],
  ])('decodes without an error: %s', async (_name, options, transport) => {
    await withCameras(options, async cameras => {
      const { main, sub } = cameras.cameras[0]!
      const pulls = [main, sub!].map(url =>
        ffmpeg('-xerror', '-rtsp_transport', transport, '-i', url, '-t', '2', '-f', 'null', '-'),
      )
      for (const { code, errors } of await Promise.all(pulls)) expect({ code, errors }).toEqual({ code: 0, errors: '' })
    })
  })

  it.each(['aac', 'pcmu', 'pcma'] as const)('decodes sound: %s', async audio => {
    await withCameras({ audio, sub: undefined }, async cameras => {
      const path = join(directory, `${audio}.wav`)
      const { errors } = await ffmpeg('-rtsp_transport', 'tcp', '-i', cameras.cameras[0]!.main, '-t', '2', '-vn', path)
      expect(errors).toBe('')
      // It is a tone, not noise and not silence.
      const { errors: volume } = await ffmpeg('-loglevel', 'info', '-i', path, '-af', 'volumedetect', '-f', 'null', '-')
      const mean = Number(/mean_volume: (-?[\d.]+) dB/.exec(volume)?.[1])
      expect(mean).toBeGreaterThan(-40)
      expect(mean).toBeLessThan(-10)
      expect(Number(await ffprobe(path, '-show_entries', 'format=duration'))).toBeGreaterThan(1.5)
    })
  })

  it.each(['digest', 'digest-md5', 'basic'] as const)('logs in: %s', async auth => {
    const credentials = { username: 'admin', password: 'p@ss word' }
    await withCameras({ auth, credentials }, async cameras => {
      const url = cameras.cameras[0]!.main
      const pull = (target: string) => ffmpeg('-rtsp_transport', 'tcp', '-i', target, '-t', '0.2', '-f', 'null', '-')
      expect((await pull(url)).errors).toContain('401')
      expect((await pull(url.replace('//', '//admin:wrong@'))).errors).toContain('401')
      expect((await pull(url.replace('//', '//admin:p%40ss%20word@'))).errors).toBe('')
    })
  })

  it('pulls over TLS', async () => {
    await withCameras({ tls: selfSignedCertificate('camera', Date.now()) }, async cameras => {
      const pulled = await ffmpeg('-xerror', '-i', cameras.cameras[0]!.main, '-t', '2', '-f', 'null', '-')
      expect(pulled).toEqual({ code: 0, errors: '' })
    })
  })

  it('receives the bit rate and the key frames that were asked for', async () => {
    await withCameras({ main: 3e6, sub: 500e3, gop: 25 }, async cameras => {
      const { main, sub } = cameras.cameras[0]!
      const measure = async (url: string, name: string) => {
        const path = join(directory, `${name}.mkv`)
        await ffmpeg('-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-frames:v', '100', path)
        const packets = await ffprobe(path, '-show_entries', 'packet=size,flags')
        const bytes = packets.reduce((sum, line) => sum + Number.parseInt(line, 10), 0)
        return {
          bitrate: (bytes * 8 * 25) / packets.length,
          keys: packets.flatMap((line, i) => (line.includes('K') ? [i] : [])),
        }
      }
      const [large, small] = await Promise.all([measure(main, 'main'), measure(sub!, 'sub')])
      expect(Math.abs(large.bitrate / 3e6 - 1)).toBeLessThan(0.02)
      expect(Math.abs(small.bitrate / 500e3 - 1)).toBeLessThan(0.02)
      expect(large.keys).toEqual([0, 25, 50, 75])
    })
  })

  it('plays a file of the user, all of it, again and again', async () => {
    const path = join(directory, 'own.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=2', '-c:v', 'libx264', '-bf', '2', '-g', '20', path)
    await withCameras({ file: path, main: 2e6, sub: undefined }, async cameras => {
      const url = cameras.cameras[0]!.main
      const limit = ['-rtsp_transport', 'tcp', '-read_intervals', '%+#100']
      const [pulled, lines] = await Promise.all([
        ffmpeg('-xerror', '-rtsp_transport', 'tcp', '-i', url, '-frames:v', '100', '-f', 'null', '-'),
        ffprobe(url, ...limit, '-show_entries', 'packet=flags'),
      ])
      expect(pulled).toEqual({ code: 0, errors: '' })
      // Side data of packets comes on lines of its own.
      const packets = lines.filter(line => /^[K_]/.test(line))
      const keys = packets.filter(flags => flags.includes('K'))
      // Three in two seconds of the file, which is played two times.
      expect([packets.length, keys.length]).toEqual([100, 6])
    })
  })
})

describe.skipIf(!FFMPEG)('recordings that ffmpeg made', () => {
  const archive = () => join(directory, 'archive')
  let expected: ReturnType<VirtualCameras['statistics']>

  beforeAll(async () => {
    await withCameras({ count: 2, main: 1e6, sub: undefined, fps: 50, gop: 25 }, async cameras => {
      await Promise.all(
        cameras.cameras.map(({ id, main }) => {
          mkdirSync(join(archive(), id), { recursive: true })
          const segments = ['-f', 'segment', '-segment_time', '1', '-reset_timestamps', '1', '-segment_format', 'mp4']
          const fragmented = ['-segment_format_options', 'movflags=frag_keyframe+empty_moov']
          return ffmpeg(
            '-rtsp_transport',
            'tcp',
            '-i',
            main,
            '-c',
            'copy',
            '-t',
            '4',
            ...segments,
            ...(id === 'cam-002' ? fragmented : []),
            join(archive(), id, '%03d.mp4'),
          )
        }),
      )
      await new Promise(resolve => setTimeout(resolve, 100))
      expected = cameras.statistics()
    })
  })

  /** A copy of the archive to spoil. */
  function spoiled(name: string, files: readonly string[]): string {
    const copy = join(directory, name)
    for (const file of files) {
      mkdirSync(join(copy, file, '..'), { recursive: true })
      copyFileSync(join(archive(), file), join(copy, file))
    }
    return copy
  }

  const FILES = ['cam-001/000.mp4', 'cam-001/001.mp4', 'cam-001/002.mp4']

  it('have every frame, plain files and fragmented ones', async () => {
    const verdict = await verifyFrames(archive())
    expect(verdict).toMatchObject({ ok: true, unmarked: 0, damaged: [], open: [] })
    expect(verdict.streams.map(({ camera, stream }) => `${camera}/${stream}`)).toEqual(['cam-001/main', 'cam-002/main'])
    for (const { frames, first, last, files, missing } of verdict.streams) {
      expect({ frames, missing }).toEqual({ frames: last - first + 1, missing: 0 })
      expect(frames).toBeGreaterThanOrEqual(195)
      expect(files).toBeGreaterThanOrEqual(3)
    }
  })

  it('agree with what the cameras say that they sent', async () => {
    const verdict = await verifyFrames(archive(), { expect: expected.streams })
    expect(verdict.ok).toBe(true)
    for (const { sendings, frames } of verdict.streams) {
      expect(sendings).toMatchObject({ missing: 0, before: 0 })
      expect(sendings!.sent).toBe(frames + sendings!.behind)
    }
  })

  it('show a gap where a file is missing', async () => {
    const copy = spoiled('gap', [FILES[0]!, FILES[2]!])
    const verdict = await verifyFrames(copy, { expect: expected.streams })
    const [one, two] = verdict.streams
    expect(verdict.ok).toBe(false)
    expect(one).toMatchObject({ camera: 'cam-001', missing: 50, ok: false })
    expect(one!.gaps).toHaveLength(1)
    expect(one!.gaps[0]!.after - one!.gaps[0]!.before).toBeGreaterThan(900)
    expect(one!.sendings).toMatchObject({ missing: 50 })
    expect(two).toMatchObject({ camera: 'cam-002', frames: 0, ok: false })
  })

  it('show frames that are there twice', async () => {
    const copy = spoiled('double', FILES)
    copyFileSync(join(copy, FILES[1]!), join(copy, 'cam-001', 'again.mp4'))
    const verdict = await verifyFrames(copy)
    expect(verdict.streams[0]).toMatchObject({ doubled: 50, missing: 0, ok: false })
  })

  it('show frames in the wrong order', async () => {
    const copy = spoiled('order', FILES)
    // The numbers of two frames change places.
    const path = join(copy, FILES[1]!)
    const bytes = readFileSync(path)
    const first = bytes.indexOf('vmsctl', 2_000)
    const second = bytes.indexOf('vmsctl', first + 1)
    const number = (at: number) => Buffer.from(bytes.subarray(at + 58, at + 74))
    const [a, b] = [number(first), number(second)]
    b.copy(bytes, first + 58)
    a.copy(bytes, second + 58)
    writeFileSync(path, bytes)
    const verdict = await verifyFrames(copy)
    expect(verdict.streams[0]).toMatchObject({ outOfOrder: 1, missing: 0, doubled: 0, ok: false })
  })

  it('show frames whose mark is gone', async () => {
    const copy = spoiled('bare', FILES)
    const path = join(copy, FILES[1]!)
    const bytes = readFileSync(path)
    bytes.fill(0x20, bytes.indexOf('vmsctl', 60_000), bytes.indexOf('vmsctl', 60_000) + 16)
    writeFileSync(path, bytes)
    expect(await verifyFrames(copy)).toMatchObject({ ok: false, unmarked: 1, streams: [{ missing: 1 }] })
  })

  it('may end in the middle of a fragment', async () => {
    const copy = spoiled('open', ['cam-002/000.mp4', 'cam-002/001.mp4'])
    const path = join(copy, 'cam-002/001.mp4')
    truncateSync(path, statSync(path).size - 20_000)
    const verdict = await verifyFrames(copy)
    expect(verdict).toMatchObject({ ok: true, open: [path], damaged: [] })
    expect(verdict.streams[0]!.frames).toBeGreaterThanOrEqual(50)
  })

  it('can be narrowed to cameras and times', async () => {
    const all = (await verifyFrames(archive(), { camera: 'cam-001' })).streams
    expect(all).toHaveLength(1)
    const { firstWall } = all[0]!
    const [part] = (
      await verifyFrames(archive(), { camera: 'cam-001', from: firstWall + 1_000, to: firstWall + 2_000 })
    ).streams
    expect(part!.frames).toBeGreaterThan(40)
    expect(part!.frames).toBeLessThan(60)
    expect(part!.missing).toBe(0)
  })

  it('that are none are not taken for whole ones', async () => {
    const empty = join(directory, 'empty')
    mkdirSync(empty)
    expect(await verifyFrames(empty)).toMatchObject({ ok: false, files: 0, streams: [] })
    writeFileSync(join(empty, 'noise.mp4'), Buffer.alloc(5_000, 7))
    expect((await verifyFrames(empty)).ok).toBe(false)
    await expect(verifyFrames(join(directory, 'nowhere'))).rejects.toThrow('does not exist')
  })
})
