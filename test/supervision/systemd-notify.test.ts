import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Logger } from '../../src/kernel/log.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { systemdNotifier } from '../../src/supervision/systemd-notify.ts'

const has = (program: string) => spawnSync(program, ['--version']).status === 0

/** systemd's end of NOTIFY_SOCKET: prints every message. It closes the descriptor of BARRIER=1, or systemd-notify would wait. */
const RECEIVER = `
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("listening", flush=True)
while True:
    data, ancillary, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(4 * 8))
    for level, kind, value in ancillary:
        if kind == socket.SCM_RIGHTS:
            for fd in array.array("i", value[:len(value) - len(value) % 4]): os.close(fd)
    if data != b"BARRIER=1": print(data.decode().replace("\\n", "|"), flush=True)
`

function receive(path: string): { child: ChildProcess; lines: string[]; listening: Promise<void> } {
  const child = spawn('python3', ['-c', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  let open!: () => void
  const listening = new Promise<void>(resolve => {
    open = resolve
  })
  child.stdout!.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) {
      if (line === 'listening') open()
      else if (line !== '') lines.push(line)
    }
  })
  return { child, lines, listening }
}

describe.skipIf(!has('systemd-notify') || !has('python3'))('systemd-notify (systemd, python3)', () => {
  it('says how the service is, in sd_notify form', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'vms-notify-'))
    const path = join(dir, 'notify')
    const { child, lines, listening } = receive(path)
    try {
      await listening
      const notify = systemdNotifier({ ...process.env, NOTIFY_SOCKET: path }, silentLogger)
      await notify.ready('up\nand well')
      await notify.alive()
      await notify.reloading()
      await notify.stopping()
      for (let i = 0; i < 100 && lines.length < 4; i++) await new Promise(resolve => setTimeout(resolve, 20))
      expect(lines[0]).toContain('READY=1')
      expect(lines[0]).toContain('STATUS=up and well')
      expect(lines[0]).toContain(`MAINPID=${process.pid}`)
      expect(
        lines.slice(1).map(line => line.split('|').find(part => /^(WATCHDOG|RELOADING|STOPPING)=/.test(part))),
      ).toEqual(['WATCHDOG=1', 'RELOADING=1', 'STOPPING=1'])
    } finally {
      child.kill()
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('survives that nobody listens', async () => {
    const warnings: string[] = []
    const log: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) }
    await systemdNotifier({ ...process.env, NOTIFY_SOCKET: '/nowhere/notify' }, log).ready('up')
    expect(warnings).toEqual(['systemd-notify failed'])
  })
})

it('says nothing outside systemd', async () => {
  const log: Logger = {
    ...silentLogger,
    warn: () => {
      throw new Error('it tried')
    },
  }
  await systemdNotifier({}, log).ready('up')
})
