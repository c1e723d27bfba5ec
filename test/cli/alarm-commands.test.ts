import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadSiteConfig } from '../../src/config/index.ts'
import { statePaths } from '../../src/config/state-paths.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { Alarms } from '../../src/recording/alarms/index.ts'
import { runCommand } from '../support/run-command.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-alarm-'))
afterAll(() => rmSync(directory, { recursive: true }))
const config = join(directory, 'vms.yaml')
const state = join(directory, 'state')
mkdirSync(state)
writeFileSync(
  config,
  [
    'site: { name: depot, timezone: Europe/Paris }',
    'storage: { path: ./archive }',
    'alarms:',
    '  deliver:',
    `    - { name: file, command: [tee, "${join(directory, 'letter')}"] }`,
    '    - { name: broken, command: ["false"] }',
    '    - { name: log, journal: true }',
    'cameras:',
    '  - { id: gate-1, main: "rtsp://127.0.0.1:9/a" }',
  ].join('\n'),
)
const run = (...args: string[]) => runCommand(['alarm', ...args, '-c', config, '--state-dir', state])

describe('alarm test', () => {
  it('sends one message to each, and says who did not take it', async () => {
    const { code, out, err } = await run('test')
    expect(out).toBe(
      'file (command): delivered\nbroken (command): command false: exit code 1\nlog (journal): delivered\n',
    )
    expect(err).toBe('This is a test of the alarms. Nothing is wrong.\n')
    expect(code).toBe(6)
    expect(JSON.parse(readFileSync(join(directory, 'letter'), 'utf8'))).toMatchObject({ kind: 'test', site: 'depot' })
  })
  it('sends to one by name', async () => {
    expect(await run('test', '--to', 'file')).toMatchObject({ code: 0, out: 'file (command): delivered\n' })
    const wrong = await run('test', '--to', 'flie')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Did you mean "file"?')])
    expect(JSON.parse((await run('test', '--to', 'broken', '--json')).out)).toEqual({
      results: [{ target: 'broken', kind: 'command', error: 'command false: exit code 1' }],
    })
  })
})

describe('alarm list', () => {
  it('shows what the daemon found', async () => {
    expect(await run('list')).toMatchObject({ code: 0, out: 'No alarms.\n' })
    const { config: site } = await loadSiteConfig(config, { env: {}, cwd: directory })
    const settings = { ...site.alarms, targets: [] }
    const common = { clock: systemClock, env: {}, log: silentLogger, random: () => 0.5 }
    const alarms = new Alarms({ ...common, path: statePaths(state).alarms, site: site.site, settings })
    const start = Date.parse('2026-11-24T13:02:07Z')
    for (let second = 65; second <= 90; second += 5) {
      const camera = { camera: 'gate-1', wanted: true, since: 0, lastRecorded: start, coverage: null, host: null }
      alarms.observe(
        { cameras: [{ ...camera, reason: 'refused', detail: 'refused' }], headroom: 3_600_000 },
        start + second * 1_000,
      )
    }
    // The daemon holds the file open meanwhile.
    const { code, out } = await run('list')
    await alarms.close()
    expect(code).toBe(8)
    const [answer, head, ...rows] = out.trim().split('\n')
    expect(answer).toBe('2 alarms last; times are Europe/Paris.')
    expect(head).toMatch(/^camera +alarm +since +why/)
    expect(rows[0]).toMatch(/^gate-1 +not recorded +2026-11-24 14:02:07 +refused/)
    expect(rows[1]).toMatch(/^\(site\) +room is running out .* 1 h until the disk is full/)
    expect(JSON.parse((await run('list', '--json')).out).alarms).toHaveLength(2)
  })
})
