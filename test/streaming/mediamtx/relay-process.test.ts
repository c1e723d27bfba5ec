import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { sleep, systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { RelayProcess } from '../../../src/streaming/mediamtx/run/relay-process.ts'
import { site } from '../../daemon/site.ts'

const dir = mkdtempSync(join(tmpdir(), 'vms-relay-'))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('leaves no MediaMTX behind that it could not take note of', async () => {
  const program = join(dir, 'mediamtx')
  writeFileSync(program, `#!/bin/sh\nwhile :; do sleep 1; done\n`, { mode: 0o755 })
  // In the place of its record.
  mkdirSync(join(dir, 'run', 'process.json'), { recursive: true })
  const relay = new RelayProcess({
    program,
    dir: join(dir, 'run'),
    configuration: () => '',
    fingerprint: '',
    takenOver: async () => {},
    settings: site([]).mediamtx,
    secrets: {},
    ready: () => Promise.reject(new Error('not yet')),
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
  })
  relay.start()
  while (relay.status.state !== 'waiting') await sleep(systemClock, 20)
  expect(relay.status.trouble).toContain('EISDIR')
  const left = readdirSync('/proc').filter(name => /^\d+$/.test(name) && commandLine(name).includes(program))
  for (const pid of left) process.kill(Number(pid), 'SIGKILL')
  await relay.stop()
  expect(left).toEqual([])
})

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
