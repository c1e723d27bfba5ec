import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DaemonClient } from '../../src/daemon/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { runProgram } from '../support/vmsctl.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const VERSION = /^vmsctl\/\d+\.\d+\.\d+ linux-\S+ node-v(\d+)\.\d+\.\d+\n$/
/** Without the checkout's node_modules/.bin, which npm puts first. */
const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin'

let dir: string
/** Directories that are PATH: with the system's tools and a `node` of our own making. */
let paths: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vmsctl-launch-'))
  paths = join(dir, 'path')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const env = (path: string, more: NodeJS.ProcessEnv = {}) => ({ PATH: path, HOME: dir, ...more })

/** An installation without an own Node: the files of the package and links to its dependencies. */
function installation(name: string, nodeModules: string): string {
  const at = join(dir, name)
  mkdirSync(at, { recursive: true })
  for (const part of ['bin', 'package.json', 'oclif.manifest.json'])
    cpSync(join(root, part), join(at, part), { recursive: true })
  symlinkSync(join(root, 'dist'), join(at, 'dist'))
  mkdirSync(nodeModules, { recursive: true })
  return at
}

function systemNode(): string | undefined {
  const { stdout } = spawnSync('node', ['-p', 'process.versions.node'], { encoding: 'utf8', env: env(SYSTEM_PATH) })
  return stdout?.trim() || undefined
}
const tooOld = (version: string | undefined) => version !== undefined && Number(version.split('.')[0]) < 22

describe('bin/vmsctl', () => {
  it('runs on the Node that npm installed with it, whatever the system has', async () => {
    const { code, out, err } = await runProgram(join(root, 'bin/vmsctl'), ['--version'], env(SYSTEM_PATH))
    expect([code, err]).toEqual([0, ''])
    expect(Number(VERSION.exec(out)?.[1])).toBeGreaterThanOrEqual(24)
  })

  it('is found behind the symbolic links that npm makes, from any directory', async () => {
    const bin = join(dir, 'links')
    mkdirSync(bin)
    symlinkSync(join(root, 'bin/vmsctl'), join(bin, 'first'))
    symlinkSync('first', join(bin, 'vmsctl'))
    const { code, out, err } = await runProgram('vmsctl', ['--version'], env(`${bin}:${SYSTEM_PATH}`), '/')
    expect([code, err, out]).toEqual([0, '', expect.stringMatching(VERSION)])
  })

  it('finds its Node where npm hoisted it: beside the package', async () => {
    const modules = join(dir, 'prefix/lib/node_modules')
    const at = installation('prefix/lib/node_modules/vmsctl', join(modules, 'node/bin'))
    symlinkSync(process.execPath, join(modules, 'node/bin/node'))
    mkdirSync(paths)
    writeFileSync(join(paths, 'node'), '#!/bin/sh\necho the wrong one\n', { mode: 0o755 })
    const { code, out, err } = await runProgram(join(at, 'bin/vmsctl'), ['--version'], env(`${paths}:${SYSTEM_PATH}`))
    expect([code, err, out]).toEqual([0, '', expect.stringMatching(VERSION)])
  })

  it('takes the Node on PATH when none came with it', async () => {
    const at = installation('new-node', join(dir, 'new-node/node_modules'))
    const bin = join(dir, 'new-node-path')
    mkdirSync(bin)
    symlinkSync(process.execPath, join(bin, 'node'))
    const { code, out } = await runProgram(join(at, 'bin/vmsctl'), ['--version'], env(`${bin}:${SYSTEM_PATH}`))
    expect([code, out]).toEqual([0, expect.stringMatching(VERSION)])
  })

  it.skipIf(!tooOld(systemNode()))(`refuses the system's Node when it is too old, in one sentence`, async () => {
    const at = installation('old-node', join(dir, 'old-node/node_modules'))
    const { code, out, err } = await runProgram(join(at, 'bin/vmsctl'), ['status'], env(SYSTEM_PATH))
    expect([code, out]).toEqual([5, ''])
    expect(err).toMatch(/^vmsctl: Node\.js \d+\.\d+\.\d+ is too old; vmsctl needs 22\.13 or newer \(24 is best\)\.\n$/)
  })

  it('says so when there is no Node at all', async () => {
    const at = installation('no-node', join(dir, 'no-node/node_modules'))
    const bin = join(dir, 'no-node-path')
    mkdirSync(bin)
    for (const tool of ['readlink', 'sh']) symlinkSync(`/bin/${tool}`, join(bin, tool))
    const { code, err } = await runProgram(join(at, 'bin/vmsctl'), ['status'], env(bin))
    expect([code, err]).toEqual([5, 'vmsctl: Node.js is not installed; vmsctl needs 22.13 or newer (24 is best).\n'])
  })

  it('passes arguments on as they are, and the exit code back', async () => {
    const { code, err } = await runProgram(join(root, 'bin/vmsctl'), ['a b', '$HOME', "it's"], env(SYSTEM_PATH))
    expect([code, err]).toEqual([2, expect.stringContaining(`"a b $HOME it's" is not a command`)])
  })

  it('runs a daemon small, in the foreground as in the background', async () => {
    const site = join(dir, 'site')
    const state = join(dir, 'state')
    mkdirSync(site)
    writeFileSync(
      join(site, 'vms.yaml'),
      'storage: { path: ./archive }\ngateway: { listen: 127.0.0.1:0 }\nviewing: { listen: never }\nmediamtx: { run: never }\n',
    )
    const vmsctl = join(root, 'bin/vmsctl')
    const stop = () => runProgram(vmsctl, ['daemon', 'stop', '--recorders', '--state-dir', state], env(SYSTEM_PATH))
    const flagsOf = (pid: number) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .slice(1)
        .filter((_, at, words) => words.slice(0, at + 1).every(flag => flag.startsWith('--')))
    const started = await runProgram(
      vmsctl,
      ['daemon', 'start', '--json', '--state-dir', state],
      env(SYSTEM_PATH),
      site,
    )
    const background = flagsOf(JSON.parse(started.out).pid)
    await stop()
    const child = spawn(vmsctl, ['daemon', 'run', '--state-dir', state], {
      cwd: site,
      env: env(SYSTEM_PATH),
      stdio: 'ignore',
    })
    try {
      const client = new DaemonClient(state)
      for (let i = 0; i < 100 && !(await client.health().catch(() => undefined)); i++) await sleep(systemClock, 50)
      expect(flagsOf(child.pid!)).toEqual(background)
      expect(background).toEqual(['--optimize-for-size', '--single-threaded'])
    } finally {
      await stop()
    }
  })

  it.each(['npx', 'npm exec --offline --'])('works in a checkout: %s vmsctl', async command => {
    const [file = '', ...args] = command.split(' ')
    // PATH leads to Node as npm needs it, to the system's or else to ours.
    const path = systemNode() === undefined ? `${join(root, 'node_modules/.bin')}:${SYSTEM_PATH}` : SYSTEM_PATH
    const { code, out } = await runProgram(file, [...args, 'vmsctl', '--version'], env(path), root)
    expect([code, out]).toEqual([0, expect.stringMatching(VERSION)])
  })
})

describe('bin/dev.js', () => {
  it('runs from source, without a build', async () => {
    const { code, out, err } = await runProgram(
      process.execPath,
      [join(root, 'bin/dev.js'), '--version'],
      env(SYSTEM_PATH),
    )
    expect([code, err, out]).toEqual([0, '', expect.stringMatching(VERSION)])
  })
})

describe('a reader that goes away', () => {
  it('ends the command in silence', async () => {
    const script = `"${join(root, 'bin/vmsctl')}" config schema | head -c 1`
    const { code, out, err } = await runProgram('/bin/sh', ['-c', script], env(SYSTEM_PATH))
    expect([code, out, err]).toEqual([0, '{', ''])
  })
})
