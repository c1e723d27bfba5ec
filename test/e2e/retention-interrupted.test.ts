import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Segment } from '../../src/recording/types.ts'
import { SmallArchive } from '../recording/retention/small-archive.ts'
import { DAY, HOUR } from '../recording/retention/support.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

const VMSCTL = fileURLToPath(new URL('../../bin/vmsctl', import.meta.url))
/** Twenty batches with a pause of a tenth of a second between them. */
const COUNT = 2_000

/** An archive of which all but the last two days has to go. */
function bigArchive(): { archive: SmallArchive; kept: Segment[]; args: string[] } {
  const archive = new SmallArchive()
  const now = Math.floor(Date.now() / HOUR) * HOUR
  archive.record('gate-1', now - 60 * DAY, COUNT, 180_000)
  const kept = archive.record('gate-1', now - 2 * DAY, 20, HOUR)
  const config = join(archive.dir, 'vms.yaml')
  writeFileSync(
    config,
    `site: { name: test, timezone: UTC }
storage: { path: ./archive, headroom: { delete: 1min, warn: 1min } }
defaults: { retention: { age: 30d } }
cameras: [ { id: gate-1, main: "rtsp://127.0.0.1:9/a" } ]
`,
  )
  return { archive, kept, args: ['archive', 'retention', 'apply', '-c', config, '--state-dir', archive.dir] }
}

/** `vmsctl` in a terminal of its own; what is written to its standard input is typed there. */
function inTerminal(args: readonly string[]): ChildProcess {
  const line = `stty cols 100 rows 30; exec ${[VMSCTL, ...args].map(word => `'${word}'`).join(' ')}`
  return spawn('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'])
}

it.each([
  ['in a terminal', inTerminal, (child: ChildProcess) => child.stdin!.write('\x03'), 'stdout'],
  ['without a terminal', spawnVmsctl, (child: ChildProcess) => child.kill('SIGINT'), 'stderr'],
] as const)(
  'archive retention apply %s ends at Ctrl-C with nothing half done, and can go on',
  async (_, start, press, says) => {
    const { archive, kept, args } = bigArchive()
    using _archive = archive
    const child = start(args)
    const exit = once(child, 'exit')
    let said = ''
    child[says]!.on('data', (text: Buffer) => {
      said += text
    })
    await expect.poll(() => said, { timeout: 20_000 }).toContain('files deleted')
    press(child)
    expect(await exit).toEqual([130, null])
    expect(said).toContain('vmsctl: interrupted')

    const { index, storage } = archive
    const segments = () => index.segments('gate-1', { start: 0, end: Date.now() })
    const rows = () => segments().map(({ path }) => path)
    const files = () => globSync('**/*.mp4', { cwd: storage }).sort()
    expect(files().length).toBeGreaterThan(kept.length)
    expect(files().length).toBeLessThan(COUNT + kept.length)
    expect(files()).toEqual(rows())
    expect(index.doomed.list(1)).toEqual([])
    const bytes = segments().reduce((sum, segment) => sum + segment.bytes, 0)
    expect(index.oldest.streams()).toMatchObject([{ segments: rows().length, bytes }])

    expect(await vmsctl(args)).toMatchObject({ code: 0, out: expect.stringContaining('segments deleted') })
    expect(files()).toEqual(kept.map(({ path }) => path))
    expect(rows()).toEqual(files())
  },
  60_000,
)
