import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connectVirtualCameras,
  listenForControl,
  parseFault,
  selfSignedCertificate,
  spawnVirtualCameras,
  VirtualCameras,
} from '../../src/media/virtual/index.ts'
import { watchMarks } from '../support/mark-watcher.ts'
import { RtspClient } from '../support/rtsp-client.ts'

const MAIN = new URL('../../src/media/virtual/main.ts', import.meta.url).pathname
let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vms-control-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('virtual cameras in a process of their own', () => {
  it('take faults, give statistics, and end', async () => {
    const faults = [parseFault('cam-002:answer=401')]
    const cameras = await spawnVirtualCameras({ count: 2, fps: 50, gop: 10, main: 1e6, sub: undefined, faults })
    try {
      expect(cameras.cameras).toEqual([
        { id: 'cam-001', main: `${cameras.url}/cam-001/main` },
        { id: 'cam-002', main: `${cameras.url}/cam-002/main` },
      ])
      const refused = new RtspClient(cameras.cameras[1]!.main)
      expect((await refused.ask('DESCRIBE')).status).toBe(401)
      refused.socket.destroy()
      const watcher = await watchMarks(cameras.cameras[0]!.main)
      await watcher.frames(10)
      expect(await cameras.client.fault('cam-001:drop')).toEqual(['cam-001/main'])
      await watcher.client.closed
      await expect(cameras.client.fault('cam-001:explode')).rejects.toThrow('"explode" is no fault')
      await expect(cameras.client.fault('cam-003:drop')).rejects.toThrow('no virtual camera')
      await cameras.client.clear('*')
      const { streams } = await cameras.client.statistics()
      expect(streams[0]!.sessions[0]!.ranges[0]!.first).toBe(watcher.numbers[0])
      expect((await cameras.client.info()).pid).toBe(cameras.pid)
    } finally {
      await cameras.stop()
    }
    await expect(cameras.client.statistics()).rejects.toThrow('are gone')
    expect(() => process.kill(cameras.pid, 0)).toThrow('ESRCH')
  })

  it('say why they cannot start', async () => {
    await expect(spawnVirtualCameras({ count: 0 })).rejects.toThrow('0 cameras')
    await expect(spawnVirtualCameras({ file: '/nowhere.mp4' })).rejects.toThrow('ENOENT')
  })

  it('end when whoever started them is gone', async () => {
    const starter = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, [${JSON.stringify(MAIN)}], { stdio: ['pipe', 'pipe', 'inherit'] })
      child.stdin.write('{}\\n')
      child.stdout.once('data', line => {
        process.stdout.write(line)
        setInterval(() => {}, 1000)
      })`
    const parent = spawn(process.execPath, ['-e', starter], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const { pid } = (JSON.parse(line.toString().split('\n')[0]!) as { ready: { pid: number } }).ready
    parent.kill('SIGKILL')
    for (let waited = 0; isRunning(pid) && waited < 5_000; waited += 20)
      await new Promise(resolve => setTimeout(resolve, 20))
    expect(isRunning(pid)).toBe(false)
  })
})

describe('control socket', () => {
  it('lets another program make faults, its owner only', async () => {
    const cameras = new VirtualCameras({ fps: 50, gop: 10, main: 1e6 })
    await cameras.start()
    let stopped = false
    const path = join(directory, 'control.sock')
    const close = await listenForControl(cameras, path, () => {
      stopped = true
    })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const client = await connectVirtualCameras(path)
    expect((await client.info()).url).toBe(cameras.url)
    expect(await client.fault('*/sub:freeze')).toEqual(['cam-001/sub'])
    await client.stop()
    expect(stopped).toBe(true)
    close()
    await cameras.stop()
    await expect(connectVirtualCameras(join(directory, 'none.sock'))).rejects.toThrow('no virtual cameras answer')
  })
})

describe('rtsps', () => {
  it('serves over TLS', async () => {
    const tls = selfSignedCertificate('camera', Date.now())
    const cameras = new VirtualCameras({ fps: 50, gop: 10, main: 1e6, tls })
    const { url, port } = await cameras.start()
    expect(url).toBe(`rtsps://127.0.0.1:${port}`)
    const socket = connectTls({ port, host: '127.0.0.1', ca: tls.cert })
    await once(socket, 'secureConnect')
    socket.write(`DESCRIBE ${url}/cam-001/main RTSP/1.0\r\nCSeq: 1\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('RTSP/1.0 200 OK')
    cameras.fault(parseFault('cam-001:reboot@/1s'))
    socket.destroy()
    await cameras.stop()
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
