import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { processesNaming } from '../support/processes.ts'
import { spawnVmsctl } from '../support/vmsctl.ts'

interface Interrupted {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly err: string
  /** What is left once it has ended. */
  readonly processes: readonly string[]
  readonly temporary: readonly string[]
  readonly archive: boolean
}

/** Runs the demo, waits for a text on stderr and then a moment, sends the signals, and looks at what is left. */
async function interrupt(
  after: string,
  delay: number,
  signals: readonly NodeJS.Signals[],
  pause = 20,
): Promise<Interrupted> {
  const dir = mkdtempSync(join(tmpdir(), 'vms-demo-int-'))
  const temporary = join(dir, 't')
  mkdirSync(temporary)
  const archive = join(dir, 'recordings')
  try {
    const child = spawnVmsctl(['demo', '--cameras', '2', '--seconds', '10', '--dir', archive], { TMPDIR: temporary })
    let err = ''
    const reached = new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', chunk => {
        err += chunk
        if (err.includes(after)) resolve()
      })
      child.once('exit', () => reject(new Error(`it ended before "${after}": ${err}`)))
    })
    const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>(resolve =>
      child.once('exit', (...exit) => resolve(exit)),
    )
    await reached
    await sleep(systemClock, delay)
    // What looks for processes finds them while there are some.
    expect(processesNaming(temporary).length).toBeGreaterThan(0)
    for (const signal of signals) {
      child.kill(signal)
      await sleep(systemClock, pause)
    }
    const [code, signal] = await ended
    // The kernel takes a moment to bury what was killed in the last breath.
    for (let i = 0; i < 40 && processesNaming(temporary).length > 0; i++) await sleep(systemClock, 50)
    return {
      code,
      signal,
      err,
      processes: processesNaming(temporary),
      temporary: readdirSync(temporary),
      archive: existsSync(archive),
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const NOTHING_LEFT = { code: 130, signal: null, processes: [], temporary: [], archive: false }

describe.concurrent('an interrupted demo leaves no process and no file', () => {
  it.each([
    ['while the virtual cameras start', '[1/8]', 100],
    ['while the daemon starts', '[2/8]', 250],
    ['before every camera is on disk', '[2/8]', 2_000],
    ['while a viewer watches', '[4/8]', 300],
    ['while no daemon runs', '[4/8]', 2_300],
    ['while a dead worker is replaced', '[5/8]', 1_500],
    ['while a camera reboots', '[6/8]', 2_500],
    ['while everything ends', '[7/8]', 4_300],
  ])('%s', async (_, after, delay) => {
    const result = await interrupt(after, delay, ['SIGINT'])
    expect(result).toMatchObject(NOTHING_LEFT)
    expect(result.err).toContain('vmsctl: interrupted; everything has been removed')
  })

  it('or all of the recordings, once they are read back', async () => {
    const result = await interrupt('[8/8]', 0, ['SIGINT'])
    expect(result).toMatchObject(result.code === 0 ? { ...NOTHING_LEFT, code: 0, archive: true } : NOTHING_LEFT)
  })

  it.each([['SIGTERM'], ['SIGHUP']] as const)('by %s', async signal => {
    expect(await interrupt('[4/8]', 500, [signal])).toMatchObject(NOTHING_LEFT)
  })

  it.each([
    ['while all runs', 300],
    ['while no daemon runs', 2_300],
  ])('by kill -9 %s; only what is recorded stays', async (_, delay) => {
    const killed = { ...NOTHING_LEFT, code: null, signal: 'SIGKILL', archive: true }
    expect(await interrupt('[4/8]', delay, ['SIGKILL'])).toMatchObject(killed)
  })

  it('by a Ctrl-C that npm passes on a second time', async () => {
    const result = await interrupt('[4/8]', 500, ['SIGINT', 'SIGINT'])
    expect(result).toMatchObject(NOTHING_LEFT)
    expect(result.err).toContain('vmsctl: interrupted; everything has been removed')
  })
})
