import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type InstallReport, installService } from '../../src/service/index.ts'
import { lineDiff } from '../../src/service/line-diff.ts'

const UNIT = 'etc/systemd/system/vmsctl.service'
let below: string

beforeEach(() => {
  below = mkdtempSync(join(tmpdir(), 'vmsctl-service-'))
})
afterEach(() => rmSync(below, { recursive: true, force: true }))

const unit = () => readFileSync(join(below, UNIT), 'utf8')
const install = (
  options: { config?: string; force?: boolean; dryRun?: boolean; ofUser?: boolean; version?: string } = {},
) =>
  installService({
    facts: {
      root: fileURLToPath(new URL('../..', import.meta.url)),
      vmsctl: '/opt/vmsctl/bin/vmsctl',
      config: options.config ?? '/etc/vmsctl/vms.yaml',
      storage: undefined,
      credentials: [],
      user: 'vmsctl',
    },
    version: options.version ?? '1.0.0',
    ofUser: options.ofUser ?? false,
    dryRun: options.dryRun ?? false,
    force: options.force ?? false,
    below,
    env: { HOME: '/home/anna' },
  })
const actions = ({ files }: InstallReport) => files.map(file => `${file.path.slice(below.length)} ${file.action}`)

describe('vmsctl service install', () => {
  it('writes the unit and its user, and the second time nothing', async () => {
    const first = await install()
    expect(actions(first)).toEqual(['/etc/sysusers.d/vmsctl.conf create', `/${UNIT} create`])
    expect(unit()).toMatch(/^# Written by vmsctl 1\.0\.0; checksum [0-9a-f]{16}\. .*\n\[Unit\]\n/)
    const before = unit()
    const again = await install({ version: '1.0.1' })
    expect(actions(again)).toEqual(['/etc/sysusers.d/vmsctl.conf keep', `/${UNIT} keep`])
    expect(unit()).toBe(before)
  })

  it('brings its own unit up to date, and shows how', async () => {
    await install()
    const report = await install({ config: '/srv/vms.yaml' })
    expect(report.files[1]).toMatchObject({ action: 'replace' })
    expect(report.files[1]?.diff).toContain(
      '\n-ExecStart=/opt/vmsctl/bin/vmsctl daemon run --config /etc/vmsctl/vms.yaml\n+ExecStart=',
    )
    expect(unit()).toContain('--config /srv/vms.yaml')
  })

  it('never overwrites an edited unit unasked', async () => {
    await install()
    const edited = unit().replace('WatchdogSec=30', 'WatchdogSec=90')
    writeFileSync(join(below, UNIT), edited)
    for (const dryRun of [true, false]) {
      await expect(install({ dryRun })).rejects.toMatchObject({
        code: 'VMS_E_FILE_EXISTS',
        exitCode: 4,
        message: expect.stringContaining('-WatchdogSec=90\n+WatchdogSec=30'),
        hint: expect.stringContaining('--force'),
      })
      expect(unit()).toBe(edited)
    }
    expect(actions(await install({ force: true }))[1]).toBe(`/${UNIT} edited`)
    expect(unit()).toContain('WatchdogSec=30')
  })

  it('takes a unit that is not ours for an edited one', async () => {
    await install()
    writeFileSync(join(below, UNIT), '[Service]\nExecStart=/bin/true\n')
    await expect(install()).rejects.toMatchObject({ code: 'VMS_E_FILE_EXISTS' })
  })

  it('does nothing in a dry run', async () => {
    expect(actions(await install({ dryRun: true }))[1]).toBe(`/${UNIT} create`)
    expect(() => unit()).toThrow('ENOENT')
  })

  it('puts a user unit where systemd looks for it', async () => {
    expect(actions(await install({ ofUser: true }))).toEqual(['/home/anna/.config/systemd/user/vmsctl.service create'])
  })

  it('says when it may not write', async () => {
    writeFileSync(join(below, 'etc'), 'a file')
    await expect(install()).rejects.toMatchObject({ code: 'VMS_E_FILE_WRITE', exitCode: 5 })
  })
})

describe('lineDiff', () => {
  it('shows changes with their neighbours', () => {
    const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`)
    const changed = lines.with(5, 'new').toSpliced(9, 1)
    expect(lineDiff(lines.join('\n'), changed.join('\n'))).toBe(
      [' line 3', ' line 4', '-line 5', '+new', ' line 6', ' line 7', ' line 8', '-line 9'].join('\n'),
    )
    expect(lineDiff('a\nb', 'a\nb')).toBe('')
  })
})
