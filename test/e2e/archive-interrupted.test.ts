import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { SmallStorage } from '../recording/small-storage.ts'
import { hasProgram } from '../support/programs.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

const BIN = fileURLToPath(new URL('../../bin/vmsctl', import.meta.url))
const NOON = Date.UTC(2026, 10, 24, 12)
/** Files of each kind: many enough that every command takes seconds. */
const CLOSED = 6_000
const TORN = 1_500

const storage = new SmallStorage()
const stateDir = join(storage.dir, 'state')
const config = join(storage.dir, 'vms.yaml')
const env = { VMSCTL_STATE_DIR: stateDir, VMS_CONFIG: config }
afterAll(() => storage[Symbol.dispose]())

/** An archive of closed segments, and of segments that a crash has left torn. */
function fill(closed: number, torn: number): void {
  rmSync(storage.path, { recursive: true, force: true })
  rmSync(stateDir, { recursive: true, force: true })
  mkdirSync(storage.path)
  for (let n = 0; n < closed; n++) storage.add(NOON - n * 10_000, 1, { camera: 'gate-1' })
  for (let n = 0; n < torn; n++) {
    const path = storage.add(NOON - n * 10_000, 1, { camera: 'gate-2' }, true)
    const bytes = readFileSync(storage.absolute(path))
    storage.write(path, bytes, NOON)
  }
  writeFileSync(
    config,
    `site: { name: test }\nstorage: { path: ${storage.path} }\ncameras:\n  - { id: gate-1, main: "rtsp://127.0.0.1:1/a" }\n  - { id: gate-2, main: "rtsp://127.0.0.1:1/b" }\n`,
  )
}

interface Ended {
  readonly code: number | null
  readonly text: string
}

/** Runs a command with pipes, sends SIGINT when `text` shows on stderr. */
async function interruptedByPipe(args: readonly string[], shown: RegExp): Promise<Ended> {
  const child = spawnVmsctl(args, env)
  const exit = once(child, 'exit')
  let text = ''
  child.stderr!.on('data', chunk => {
    text += chunk
    if (shown.test(text)) child.kill('SIGINT')
  })
  const [code] = await exit
  return { code, text }
}

/** The same in a terminal of its own, in which somebody presses Ctrl-C. */
async function interruptedByKey(args: readonly string[], shown: RegExp): Promise<Ended> {
  const command = [BIN, ...args].map(word => `'${word}'`).join(' ')
  const child = spawn('script', ['-qefc', command, '/dev/null'], { env: { ...process.env, ...env, TERM: 'xterm' } })
  const exit = once(child, 'exit')
  let text = ''
  let pressed = false
  child.stdout.on('data', chunk => {
    text += chunk
    if (pressed || !shown.test(text)) return
    pressed = true
    child.stdin.write('\x03')
  })
  const [code] = await exit
  return { code, text }
}

const ways = [
  ['by a signal', interruptedByPipe],
  ['by Ctrl-C in a terminal', interruptedByKey],
] as const
const usable = ways.filter(([, way]) => way === interruptedByPipe || hasProgram('script'))

describe.each(usable)('interrupted %s', (_, interrupted) => {
  it('archive rebuild ends with 130, and goes on where it was', async () => {
    fill(CLOSED, 0)
    const { code, text } = await interrupted(['archive', 'rebuild'], /\d+ of \d+ files/)
    expect([code, text]).toEqual([130, expect.stringContaining('interrupted')])
    const { out } = await vmsctl(['archive', 'rebuild', '--json'], env)
    const { added, known, files } = JSON.parse(out)
    expect(added + known).toBe(CLOSED)
    expect([known > 0, added > 0, files]).toEqual([true, true, CLOSED])
  })
})
