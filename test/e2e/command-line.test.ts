import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { vmsctl } from '../support/vmsctl.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { oclif } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const ids = Object.keys(JSON.parse(readFileSync(`${root}oclif.manifest.json`, 'utf8')).commands)

describe('help', () => {
  it.each([[['--help']], [[]], [['help']]])('vmsctl %j lists topics and commands', async args => {
    const { code, out, err } = await vmsctl(args)
    expect([code, err]).toEqual([0, ''])
    for (const topic of Object.keys(oclif.topics).filter(name => !name.includes(':')))
      expect(out).toContain(`  ${topic} `)
    for (const id of ids) if (!id.includes(':')) expect(out).toContain(`  ${id} `)
    expect(out).toContain('autocomplete')
    expect(out).not.toContain('\x1b')
  })

  it('is there for a topic and for a command, with its examples', async () => {
    const topic = await vmsctl(['camera'])
    expect(topic.out).toContain('vmsctl camera COMMAND')
    const command = await vmsctl(['camera', 'list', '--help'])
    expect([command.code, command.err]).toEqual([0, ''])
    expect(command.out).toContain('$ vmsctl camera list')
    expect((await vmsctl(['help', 'camera', 'list'])).out).toBe(command.out)
  })
})

describe('what is no command line of ours', () => {
  it.each([
    [['statsu'], '"statsu" is not a command', 'did you mean "status"?'],
    [['camera', 'lst'], '"camera lst" is not a command', 'did you mean "camera list"?'],
    [['confg', 'check', 'now'], '"confg check now" is not a command', 'did you mean "config check"?'],
    [['xyzzy'], '"xyzzy" is not a command', 'See vmsctl --help.'],
    [['status', '--intervall', '3'], 'Nonexistent flag: --intervall', 'See --help.'],
    [['status', '--interval', 'soon'], 'Expected an integer but received: soon', 'See --help.'],
    [['config', 'show', 'extra'], '"config show" takes no "extra"', 'See vmsctl config show --help.'],
  ])('%j: one sentence, exit code 2, the same with --json', async (args, message, hint) => {
    const { code, out, err } = await vmsctl(args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^vmsctl: .*\n {2}-> .*\n$/)
    expect(err).toContain(message)
    expect(err).toContain(hint)
    const json = await vmsctl([...args, '--json'])
    expect([json.code, json.err]).toEqual([2, ''])
    expect(JSON.parse(json.out).error).toMatchObject({ code: 'VMS_E_USAGE', kind: 'usage' })
  })
})

describe('a URL at the wrong place', () => {
  const url = 'rtsp://admin:s3cret@10.0.0.11/1'
  const config = join(mkdtempSync(join(tmpdir(), 'vmsctl-url-')), 'vms.yaml')
  writeFileSync(config, 'storage: { path: ./archive }\n')
  it.each([
    [['camera', 'remove', url, '--config', config]],
    [['camera', 'list', '--group', url, '--config', config]],
    [['camera', 'add', url, '--main', url, '--config', config]],
    [['config', 'check', url]],
    [['config', 'check', '--config', url]],
    [['logs', url]],
    [[url]],
  ])('%j: its password is not repeated', async args => {
    for (const more of [[], ['--json']]) {
      const { out, err } = await vmsctl([...args, ...more], { VMSCTL_STATE_DIR: '/nonexistent' })
      expect(out + err).not.toBe('')
      expect(out + err).not.toContain('s3cret')
    }
  })
})

describe('completion', () => {
  it('is explained, and its script knows our commands', async () => {
    const env = { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'vmsctl-cache-')) }
    const { code, out } = await vmsctl(['autocomplete', 'bash'], env)
    expect(code).toBe(0)
    expect(out).toContain('vmsctl autocomplete script bash')
    const script = await vmsctl(['autocomplete', 'script', 'bash'], env)
    expect([script.code, script.out]).toEqual([0, expect.stringContaining('VMSCTL')])
  })
})
