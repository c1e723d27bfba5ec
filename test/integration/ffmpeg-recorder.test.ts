import { globSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { runProgram } from '../support/frame-hashes.ts'
import { hasProgram } from '../support/programs.ts'
import { TestSite } from '../support/test-site.ts'

const CAMERA_PASSWORD = 'cam3ra-s&cret'
const VIEWER_PASSWORD = 'vi3wer-s&cret'

/** Command lines of all processes that can be read. */
function commandLines(): string[] {
  return globSync('/proc/[0-9]*/cmdline').flatMap(path => {
    try {
      return [readFileSync(path, 'utf8').replaceAll('\0', ' ')]
    } catch {
      return []
    }
  })
}

/** Pids of the ffmpegs that write below a directory. */
function recorders(archive: string): number[] {
  return globSync('/proc/[0-9]*/cmdline').flatMap(path => {
    try {
      const [program = '', ...args] = readFileSync(path, 'utf8').split('\0')
      return program.endsWith('ffmpeg') && args.some(arg => arg.startsWith(archive)) ? [Number(path.split('/')[2])] : []
    } catch {
      return []
    }
  })
}

describe.skipIf(!hasProgram('ffmpeg'))('engine ffmpeg', () => {
  const site = new TestSite({
    segment: 2,
    gateway: 'listen: "127.0.0.1:0", credentials: viewer',
  })
  let cameras: VirtualCamerasProcess
  let from: number
  let to: number

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({
      count: 2,
      main: 500_000,
      sub: undefined,
      gop: 25,
      credentials: { username: 'admin', password: CAMERA_PASSWORD },
    })
    site.defer(() => cameras.stop())
    const secrets = { camera: CAMERA_PASSWORD, viewer: VIEWER_PASSWORD }
    for (const [name, secret] of Object.entries(secrets)) writeFileSync(join(site.dir, name), secret, { mode: 0o600 })
    site.write(
      [site.range(cameras, ', credentials: cam, engine: ffmpeg')],
      [
        'credentials:',
        `  cam: { username: admin, password: { file: ${join(site.dir, 'camera')} } }`,
        `  viewer: { username: viewer, password: { file: ${join(site.dir, 'viewer')} } }`,
      ],
    )
    await site.start()
    from = await site.recording()
  })
  afterAll(() => site[Symbol.asyncDispose]())

  const listed = async (id: string) =>
    (await site.journal(id)).flatMap(entry => (entry.type === 'segment' ? [join(site.archive, entry.path)] : []))

  it('reads from the gateway, which wants a login of others, and its segments appear in the journal', async () => {
    await site.until('three segments of each', async () => {
      const counts = await Promise.all(['cam-001', 'cam-002'].map(async id => (await listed(id)).length))
      return Math.min(...counts) >= 3
    })
    const { health, main, recording } = await site.camera('cam-001')
    expect({ health, main, recording }).toMatchObject({
      health: 'ok',
      main: { state: 'playing', packetsLost: 0 },
      recording: { wanted: true, engine: 'ffmpeg', fallback: null, active: true, reason: null },
    })
    expect(recording!.segments).toBeGreaterThanOrEqual(3)
    expect(recording!.bytesWritten).toBeGreaterThan(100_000)
    expect(site.segments('cam-001')).toContain(join(site.archive, recording!.segment!))
  })

  it('no password stands in a command line, a log, a state file or the status', async () => {
    const status = JSON.stringify(await site.status())
    for (const secret of [
      CAMERA_PASSWORD,
      VIEWER_PASSWORD,
      encodeURIComponent(CAMERA_PASSWORD),
      encodeURIComponent(VIEWER_PASSWORD),
    ]) {
      expect(commandLines().filter(line => line.includes(secret))).toEqual([])
      expect(status.includes(secret)).toBe(false)
      for (const path of site.stateFiles()) expect([path, readFileSync(path).includes(secret)]).toEqual([path, false])
    }
  })

  it('a second is on disk a second later: a crash costs no more', async () => {
    const { recording } = await site.camera('cam-002')
    expect(Date.now() - recording!.lastWritten!).toBeLessThan(3_000)
  })

  it('a kill -9 of ffmpeg: another one goes on, nothing is written over, the gap has a reason', async () => {
    const before = recorders(join(site.archive, 'cam-001'))
    expect(before).toHaveLength(1)
    const open = await site.until('a second of the open segment is on disk', async () => {
      const paths = site.segments('cam-001')
      return statSync(paths.at(-1)!).size > 20_000 && paths
    })
    const killed = Date.now()
    process.kill(before[0]!, 'SIGKILL')
    await site.until('ffmpeg writes again', async () => {
      const { recording } = await site.camera('cam-001')
      return recording!.active && recording!.lastWritten! > killed + 1_000
    })
    expect(recorders(join(site.archive, 'cam-001'))).toHaveLength(1)
    expect(recorders(join(site.archive, 'cam-001'))).not.toEqual(before)
    const gaps = (await site.journal('cam-001')).filter(entry => entry.type === 'gap' && entry.end > killed)
    expect(gaps).toHaveLength(1)
    expect(gaps[0]).toMatchObject({ reason: expect.stringMatching(/ffmpeg/) })
    // What it left is in the journal too.
    expect(await listed('cam-001')).toEqual(expect.arrayContaining(open))
  })

  it('a kill -9 of the worker leaves no ffmpeg behind, and the next worker records again', async () => {
    const before = recorders(site.archive)
    expect(before).toHaveLength(2)
    const open = await site.until('a second of the open segment is on disk', async () => {
      const path = site.segments('cam-001').at(-1)!
      return statSync(path).size > 20_000 && path
    })
    const [worker] = site.workerPids()
    const killed = Date.now()
    process.kill(worker!, 'SIGKILL')
    await site.until('both are recorded again', async () => {
      const { cameras: reports } = await site.status()
      return reports.every(({ recording }) => recording?.active && recording.lastWritten! > killed + 2_000)
    })
    const after = recorders(site.archive)
    expect(after).toHaveLength(2)
    expect(after.filter(pid => before.includes(pid))).toEqual([])
    // The next worker enters what the killed one left, and what is missing since.
    await site.until('the segment that was open is in the journal', async () =>
      (await listed('cam-001')).includes(open),
    )
    const gaps = (await site.journal('cam-001')).filter(entry => entry.type === 'gap' && entry.end > killed)
    expect(gaps).toHaveLength(1)
    expect(gaps[0]).toMatchObject({ reason: 'worker restarted' })
    expect(Math.abs(gaps[0]!.start - killed)).toBeLessThan(3_000)
  })

  it('stops in order: every segment plays, has the frames that it should, and is in the journal', async () => {
    to = Date.now()
    await sleep(systemClock, 2_500)
    await site.stop()
    expect(recorders(site.archive)).toEqual([])
    const verdict = await site.verify(cameras, { from, to, camera: 'cam-002' })
    expect(verdict.damaged).toEqual([])
    // The worker's death and ffmpeg's start, and nothing else.
    expect(verdict.streams[0]).toMatchObject({ doubled: 0, outOfOrder: 0, foreign: 0 })
    expect(verdict.streams[0]!.gaps).toHaveLength(1)
    for (const id of ['cam-001', 'cam-002']) {
      for (const path of site.segments(id)) {
        const { code, stderr } = await runProgram('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], 30_000)
        expect([path, code, stderr]).toEqual([path, 0, ''])
      }
      const told = await listed(id)
      expect(site.segments(id).filter(path => !told.includes(path))).toEqual([])
    }
  })
})

describe.skipIf(!hasProgram('ffmpeg') || !hasProgram('ffprobe'))(
  'engine ffmpeg with a sound that MP4 does not take',
  () => {
    it('records it all the same, and leaves nothing of the try', async () => {
      await using site = new TestSite({ segment: 2 })
      const cameras = await spawnVirtualCameras({ count: 1, main: 500_000, sub: undefined, gop: 25, audio: 'pcma' })
      site.defer(() => cameras.stop())
      site.write([site.range(cameras, ', engine: ffmpeg')])
      await site.start()
      await site.recording()
      const segments = async () =>
        (await site.journal('cam-001')).flatMap(entry => (entry.type === 'segment' ? [entry.path] : []))
      await site.until('two segments', async () => (await segments()).length >= 2)
      await site.stop()
      expect(site.segments('cam-001')).toEqual((await segments()).map(path => join(site.archive, path)))
      for (const path of site.segments('cam-001')) {
        const args = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path]
        expect((await runProgram('ffprobe', args)).stdout.toString().trim().split('\n')).toEqual(['h264', 'pcm_alaw'])
      }
    })
  },
)

describe('engine ffmpeg without ffmpeg', () => {
  const site = new TestSite()
  let path: string | undefined
  beforeAll(() => {
    path = process.env.PATH
  })
  afterAll(async () => {
    process.env.PATH = path
    await site[Symbol.asyncDispose]()
  })

  it('the status says so, and the others are recorded', async () => {
    const cameras = await spawnVirtualCameras({ count: 2, main: 300_000, sub: undefined, gop: 25 })
    site.defer(() => cameras.stop())
    const [first, second] = cameras.cameras
    site.write([`{ id: cam-001, main: "${first!.main}", engine: ffmpeg }`, `{ id: cam-002, main: "${second!.main}" }`])
    const bin = join(site.dir, 'bin')
    mkdirSync(bin)
    symlinkSync(process.execPath, join(bin, 'node'))
    process.env.PATH = bin
    await site.start()
    await site.recording(['cam-002'])
    const { recording, health, reason } = await site.until('the reason', async () => {
      const camera = await site.camera('cam-001')
      return /not installed/.test(camera.recording?.reason ?? '') && camera
    })
    expect(recording).toMatchObject({
      engine: 'ffmpeg',
      active: false,
      reason: 'ffmpeg is not installed',
      lastWritten: null,
    })
    expect({ health, reason }).toEqual({ health: 'starting', reason: 'ffmpeg is not installed' })
  })
})
