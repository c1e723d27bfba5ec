import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSiteConfig } from '../../src/config/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import type { FrameVerdict, VirtualCamerasStatistics } from '../../src/media/virtual/index.ts'
import { connectVirtualCameras } from '../../src/media/virtual/index.ts'
import { runProgram } from '../support/frame-hashes.ts'
import { watchMarks } from '../support/mark-watcher.ts'
import { hasProgram } from '../support/programs.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

let directory = ''
/** Everything that was started: a test that fails leaves nothing running. */
const children: ChildProcess[] = []
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vms-simulate-'))
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

const inDirectory = (name: string) => join(directory, name)

interface Announcement {
  readonly url: string
  readonly cameras: readonly { readonly id: string; readonly main: string; readonly sub?: string }[]
}

/** A running `vmsctl camera simulate --json`. */
async function simulate(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawnVmsctl(['camera', 'simulate', '--json', ...args], env)
  children.push(child)
  const lines: string[] = []
  const reader = createInterface(child.stdout!)
  reader.on('line', line => lines.push(line))
  const exited = once(child, 'close') as Promise<[number | null]>
  await Promise.race([once(reader, 'line'), exited])
  return {
    ...(JSON.parse(lines[0] ?? '{}') as Announcement),
    /** Ends it as Ctrl-C does; its exit code and the line that it leaves. */
    end: async () => {
      child.kill('SIGINT')
      const [code] = await exited
      return { code, statistics: JSON.parse(lines[1] ?? '{}') as VirtualCamerasStatistics }
    },
  }
}

describe('camera simulate', () => {
  it('announces itself, obeys its control socket, and says at the end what it sent', async () => {
    const [config, statistics, control] = ['vms.yaml', 'sent.json', 'control.sock'].map(inDirectory) as [
      string,
      string,
      string,
    ]
    const files = ['--write-config', config, '--statistics', statistics, '--control', control]
    const running = await simulate(['--count', '12', '--main', '1Mbps', '--fps', '50', '--gop', '200ms', ...files])
    expect(running.cameras).toHaveLength(12)
    expect(running.cameras[11]).toMatchObject({ id: 'cam-012', sub: `${running.url}/cam-012/sub` })

    const { config: site } = await loadSiteConfig(config, { env: {}, cwd: directory })
    expect(site.cameras.map(({ id, main, sub }) => [id, main.url, sub?.url])).toEqual(
      running.cameras.map(({ id, main, sub }) => [id, main, sub]),
    )

    const watcher = await watchMarks(running.cameras[2]!.main)
    await watcher.frames(20)
    const client = await connectVirtualCameras(control)
    await client.fault('cam-003:drop')
    await watcher.client.closed
    client.close()
    const { code, statistics: sent } = await running.end()
    expect(code).toBe(0)
    const [session] = sent.streams.find(({ camera }) => camera === 'cam-003')!.sessions
    expect(session!.ranges[0]!.first).toBe(watcher.numbers[0])
    expect(JSON.parse(readFileSync(statistics, 'utf8'))).toEqual(sent)
    expect(existsSync(control)).toBe(false)
  })

  it('says when the streams have more than they were asked to have', async () => {
    const child = spawnVmsctl(['camera', 'simulate', '--main', '50kbps', '--gop', '2', '--sub', '1Mbps'])
    children.push(child)
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', text => {
      said += text
    })
    await once(createInterface(child.stdout!), 'line')
    child.kill('SIGINT')
    await once(child, 'close')
    expect(said.replace(/[\s›]+/g, ' ')).toMatch(
      /main streams have \d+ kbps, not 50 kbps: their pictures alone have more/,
    )
    expect(said).not.toContain('sub streams')
  })

  it('takes the password from the environment only, and its configuration refers to it', async () => {
    const config = inDirectory('login.yaml')
    const running = await simulate(['--auth', 'digest', '--tls', '--write-config', config], {
      CAMERA_PASSWORD: 's3cret',
    })
    const { config: site } = await loadSiteConfig(config, { env: {}, cwd: directory })
    expect(running.url).toMatch(/^rtsps:/)
    expect(site.cameras[0]!.main).toMatchObject({
      verifyTls: false,
      credentials: { username: 'admin', password: { kind: 'env', name: 'CAMERA_PASSWORD' } },
    })
    expect(readFileSync(config, 'utf8')).not.toContain('s3cret')
    await running.end()
  })

  it.each<[readonly string[], string, number]>([
    [['--main', '4M'], 'not a unit of a bit rate', 2],
    [['--main', '4'], 'needs its unit', 2],
    [['--gop', '20s'], 'every 500 frames', 2],
    [['--fps', 'fast'], '--fps "fast"', 2],
    [['--auth', 'digest'], 'needs a password', 2],
    [['--fault', 'cam-001:explode'], '"explode" is no fault', 2],
    [['--fault', 'cam-007:drop@1s'], 'no virtual camera is named cam-007', 3],
    [['--file', '/nowhere.mp4'], 'ENOENT', 2],
    [['--listen', '127.0.0.1'], 'has no port', 2],
    [['--tls', '--tls-cert', '/nowhere.pem', '--tls-key', '/nowhere.pem'], 'cannot read /nowhere.pem', 2],
    [['--control', '/nowhere/control.sock'], 'cannot listen on /nowhere/control.sock', 2],
    [['--write-config', '/nowhere/vms.yaml'], 'cannot write /nowhere/vms.yaml', 2],
  ])('says what is wrong with %j', async (args, message, exitCode) => {
    const { code, err, out } = await vmsctl(['camera', 'simulate', ...args], { CAMERA_PASSWORD: undefined })
    expect({ code, out }).toEqual({ code: exitCode, out: '' })
    expect(err).toContain(message)
  })
})

describe.skipIf(!hasProgram('ffmpeg'))('camera verify-frames', () => {
  it('tells a whole recording from one with a gap, by exit code, text and JSON', async () => {
    const [sent, archive, control] = ['verify.json', 'recording.mp4', 'verify.sock'].map(inDirectory) as [
      string,
      string,
      string,
    ]
    const files = ['--statistics', sent, '--control', control]
    const running = await simulate(['--main', '1Mbps', '--gop', '1s', ...files])
    const input = ['-rtsp_transport', 'tcp', '-i', running.cameras[0]!.main]
    const recorded = runProgram('ffmpeg', ['-loglevel', 'error', ...input, '-c', 'copy', '-t', '4', archive])
    const client = await connectVirtualCameras(control)
    const session = async () => (await client.statistics()).streams[0]!.sessions[0]
    for (let waited = 0; ((await session())?.frames ?? 0) < 20 && waited < 20_000; waited += 50)
      await sleep(systemClock, 50)
    await client.fault('cam-001:freeze@/1s')
    await recorded
    client.close()
    const { statistics } = await running.end()
    // A busy machine makes it a frame more or less than the 25 of a second; the camera knows which it left out.
    const [before, behind] = statistics.streams[0]!.sessions[0]!.ranges
    const gap = { first: before!.last + 1, last: behind!.first - 1 }
    const frames = gap.last - gap.first + 1
    expect(frames).toBeGreaterThan(20)

    const plain = await vmsctl(['camera', 'verify-frames', directory])
    expect(plain.code).toBe(8)
    expect(plain.out).toMatch(/1 of the streams are not complete/)
    expect(plain.out).toMatch(new RegExp(`${frames} frames from ${gap.first} on, 20\\d\\d-.*Z, [\\d.]+ s`))

    const json = await vmsctl(['camera', 'verify-frames', directory, '--json'])
    expect(json.code).toBe(8)
    const verdict = JSON.parse(json.out) as FrameVerdict
    expect(verdict.streams[0]!.gaps).toMatchObject([gap])

    const expected = await vmsctl(['camera', 'verify-frames', directory, '--expect', sent])
    expect(expected.code).toBe(0)
    expect(expected.out).toContain('every frame is there, once and in order')
    expect((await vmsctl(['camera', 'verify-frames', directory, '--expect', sent, '--quiet'])).out).toBe('')
  })

  it('says what it cannot use', async () => {
    const ask = (...args: string[]) => vmsctl(['camera', 'verify-frames', ...args])
    expect(await ask('/nowhere')).toMatchObject({ code: 5, err: expect.stringContaining('does not exist') })
    expect(await ask(directory, '--from', 'yesterday')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no time'),
    })
    writeFileSync(inDirectory('odd.json'), '[]')
    const odd = await ask(directory, '--expect', inDirectory('odd.json'))
    expect(odd).toMatchObject({ code: 2, err: expect.stringContaining('it has no streams') })
  })
})
