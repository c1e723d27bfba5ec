import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SmallStorage } from '../recording/small-storage.ts'
import { hasProgram } from '../support/programs.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

const BIN = fileURLToPath(new URL('../../bin/vmsctl', import.meta.url))
const NOON = Date.UTC(2026, 10, 24, 12)
/** Closed segments of one camera, and those of another that crashes have left open: so many that each command takes seconds. */
const CLOSED = 5_000
const TORN = 300

const storage = new SmallStorage()
const stateDir = join(storage.dir, 'state')
const config = join(storage.dir, 'vms.yaml')
const env = { VMSCTL_STATE_DIR: stateDir, VMS_CONFIG: config }

beforeAll(() => {
  for (let n = 0; n < CLOSED; n++) storage.add(NOON - n * 10_000, 1, { session: `s${n}` })
  const cameras = ['gate-1', 'gate-2'].map(id => `  - { id: ${id}, main: "rtsp://127.0.0.1:1/${id}" }\n`)
  writeFileSync(config, `site: { name: test }\nstorage: { path: ${storage.path} }\ncameras:\n${cameras.join('')}`)
})
afterAll(() => storage[Symbol.dispose]())

interface Ended {
  readonly code: number | null
  readonly text: string
}

/** Runs a command with pipes, and sends it SIGINT when it shows something; once more with each further word, as npm and shells may. */
async function bySignal(args: readonly string[], shown: RegExp): Promise<Ended> {
  const child = spawnVmsctl(args, env)
  const exit = once(child, 'exit')
  let text = ''
  child.stderr!.on('data', chunk => {
    text += chunk
    if (shown.test(text)) child.kill('SIGINT')
  })
  const [code, signal] = await exit
  // A signal that comes when Node has taken its handlers down already ends the process; a shell calls that 130 as well.
  return { code: signal === 'SIGINT' ? 130 : code, text }
}

/** The same in a terminal of its own, in which somebody presses Ctrl-C. */
async function byKey(args: readonly string[], shown: RegExp): Promise<Ended> {
  const command = `stty cols 100 rows 24; exec ${[BIN, ...args].map(word => `'${word}'`).join(' ')}`
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

const json = async (args: readonly string[]) => JSON.parse((await vmsctl([...args, '--json'], env)).out)

const ways = [
  ['by a signal', bySignal],
  ...(hasProgram('script') ? [['by Ctrl-C in a terminal', byKey] as const] : []),
] as const

describe.each(ways)('interrupted %s', (_, interrupted) => {
  it('archive rebuild ends with 130, and goes on where it was', async () => {
    rmSync(stateDir, { recursive: true, force: true })
    const { code, text } = await interrupted(['archive', 'rebuild'], /\d+ of \d+ files/)
    expect([code, text]).toEqual([130, expect.stringContaining('interrupted')])
    const { added, known, files } = await json(['archive', 'rebuild'])
    expect([added + known, files]).toEqual([CLOSED, CLOSED])
    expect([known > 0, added > 0]).toEqual([true, true])
  })

  it('archive verify --deep ends with 130, and has changed nothing', async () => {
    const { code, text } = await interrupted(['archive', 'verify', '--deep'], /\d+ of \d+ days/)
    expect([code, text]).toEqual([130, expect.stringContaining('interrupted')])
    expect(await json(['archive', 'verify', 'gate-1'])).toMatchObject({ ok: true, files: CLOSED })
  })

  it('archive repair ends with 130; each file is repaired or as it was, and it goes on where it was', async () => {
    const torn = Array.from({ length: TORN }, (_, n) =>
      storage.add(NOON - n * 10_000, 1, { camera: 'gate-2', session: `t${n}` }, true),
    )
    const { code, text } = await interrupted(['archive', 'repair', 'gate-2'], /\d+ files/)
    expect([code, text]).toEqual([130, expect.stringContaining('interrupted')])
    const halfway = await json(['archive', 'verify', 'gate-2'])
    const { torn: left = 0, ...others } = halfway.cameras[0].counts
    expect([left > 0 && left < TORN, others]).toEqual([true, {}])
    const { repaired, failed } = await json(['archive', 'repair', 'gate-2'])
    expect([repaired, failed]).toEqual([left, 0])
    const after = await json(['archive', 'verify', '--deep', 'gate-2'])
    expect([after.ok, after.files, after.cameras[0].withoutHash]).toEqual([true, torn.length, 0])
    rmSync(storage.absolute('gate-2'), { recursive: true })
  })
})
