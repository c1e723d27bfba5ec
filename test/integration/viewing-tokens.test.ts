import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { runProgram } from '../support/frame-hashes.ts'
import { startMediaMtx } from '../support/mediamtx.ts'
import { hasGstRtspServer, hasProgram } from '../support/programs.ts'
import { runCommand } from '../support/run-command.ts'
import { TestSite } from '../support/test-site.ts'

const FFMPEG = hasProgram('ffmpeg')
const GSTREAMER = hasGstRtspServer()
const MEDIAMTX = hasProgram('mediamtx', ['--version'])

// Cameras, daemon and worker are processes; tokens come from the command; players are the ones people have.
describe.skipIf(!FFMPEG)('players with tokens', () => {
  const site = new TestSite({ gateway: 'listen: "0.0.0.0:0", linger: 1s' })
  let cameras: VirtualCamerasProcess
  let gateway: string
  const given: string[] = []

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 2, main: 500_000, sub: 200_000, gop: 25 })
    site.defer(() => cameras.stop())
    site.write([site.range(cameras, `, sub: "${cameras.url}/cam-{nnn}/sub"`)])
    await site.start()
    const listening = await site.until('the gateway listens', async () => (await site.status()).workers[0]?.gateway)
    gateway = `127.0.0.1:${listening!.slice(listening!.lastIndexOf(':') + 1)}`
  })
  afterAll(() => site[Symbol.asyncDispose]())

  const vmsctl = (...args: string[]) =>
    runCommand(['token', ...args, '--json', '-c', site.config, '--state-dir', site.stateDir])

  async function newToken(...args: string[]): Promise<{ token: string; id: string }> {
    const made = JSON.parse((await vmsctl('create', ...args)).out)
    given.push(made.token)
    // The daemon looks every second, and tells the worker.
    await sleep(systemClock, 2_000)
    return made
  }

  const read = (url: string, ...output: string[]) =>
    runProgram('ffmpeg', [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      '-i',
      url,
      '-c',
      'copy',
      ...output,
      '-f',
      'null',
      '-',
    ])

  const viewers = async () => {
    const { streams } = await cameras.client.statistics()
    const own = streams.filter(({ camera, stream }) => camera === 'cam-001' && stream === 'sub')
    return own.flatMap(({ sessions }) => sessions).filter(({ ended }) => ended === null).length
  }

  // ffmpeg keeps 127 characters of user and password: a token goes into the query.
  const withToken = (path: string, token: string) => `rtsp://${gateway}/${path}?token=${token}`

  it('ffmpeg plays with the token in the URL, its cameras and no others', async () => {
    const { token } = await newToken('--user', 'anna', '--camera', 'cam-001')
    const plays = (transport: string) =>
      runProgram('ffmpeg', [
        ...['-v', 'error', '-rtsp_transport', transport, '-i', withToken('cam-001/sub', token)],
        ...['-frames:v', '25', '-f', 'null', '-'],
      ])
    expect(await plays('tcp')).toMatchObject({ code: 0, stderr: '' })
    expect(await plays('udp')).toMatchObject({ code: 0, stderr: '' })
    const refused = [
      [withToken('cam-002/sub', token), '403'],
      [`rtsp://${gateway}/cam-001/sub`, '401'],
      [withToken('cam-001/sub', `${token.slice(0, -8)}AAAAAAAA`), '401'],
    ] as const
    for (const [url, status] of refused) {
      const { code, stderr } = await read(url, '-frames:v', '5')
      expect([code === 0, stderr]).toEqual([false, expect.stringContaining(status)])
    }
  })

  it.skipIf(!GSTREAMER)('GStreamer plays with the token as password, and in the URL', async () => {
    const { token } = await newToken('--user', 'bert', '--all')
    const player = fileURLToPath(new URL('../support/gst-player.py', import.meta.url))
    const play = (url: string, transport: string, ...login: string[]) => {
      const decoder = 'rtph264depay ! h264parse ! avdec_h264'
      return runProgram('/usr/bin/python3', [player, url, transport, decoder, '10', '/dev/null', ...login])
    }
    const url = `rtsp://${gateway}/cam-001/sub`
    expect(await play(url, 'tcp', 'bert', token)).toMatchObject({ code: 0, stderr: '' })
    expect(await play(url, 'udp', 'bert', token)).toMatchObject({ code: 0, stderr: '' })
    expect(await play(`${url}?token=${token}`, 'tcp')).toMatchObject({ code: 0, stderr: '' })
    expect((await play(url, 'tcp', 'bert', 'nonsense')).stderr).toMatch(/unauthorized/i)
  })

  it('who plays with a token that is revoked is gone within ten seconds, and the others go on', async () => {
    const [first, second] = [await newToken('--user', 'anna', '--all'), await newToken('--user', 'eve', '--all')]
    let over = 0
    const playing = read(withToken('cam-001/sub', first.token)).then(finished => {
      over = Date.now()
      return finished
    })
    const others = [second.token, second.token].map(token => read(withToken('cam-001/sub', token), '-frames:v', '250'))
    await site.until('all three play', async () => (await site.camera('cam-001')).sub?.readers === 3)
    expect(await viewers()).toBe(1)
    const revoked = Date.now()
    expect((await vmsctl('revoke', first.id)).code).toBe(0)
    await playing
    expect(over - revoked).toBeLessThan(10_000)
    for (const each of others) expect(await each).toMatchObject({ code: 0, stderr: '' })
    expect((await read(withToken('cam-001/sub', first.token), '-frames:v', '1')).stderr).toContain('401')
    await site.until('nobody watches any more', async () => (await viewers()) === 0)
  })

  it.skipIf(!MEDIAMTX)('MediaMTX passes a stream on, and needs none', async () => {
    const source = `rtsp://${gateway}/cam-001/sub?for=mediamtx`
    const relay = await startMediaMtx(site.dir, `{ "live/cam-001": { source: "${source}", sourceOnDemand: yes } }`)
    try {
      const url = `rtsp://127.0.0.1:${relay.port}/live/cam-001`
      expect(await read(url, '-frames:v', '10')).toMatchObject({ code: 0 })
    } finally {
      await relay.stop()
    }
  })

  it('no token stands in a log or a state file', () => {
    expect(given.length).toBeGreaterThan(2)
    const signatures = given.map(token => token.split('.')[2]!)
    for (const path of site.stateFiles()) {
      const bytes = readFileSync(path)
      for (const signature of signatures) expect([path, bytes.includes(signature)]).toEqual([path, false])
    }
  })
})
