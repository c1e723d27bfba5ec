import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras } from '../../src/media/virtual/index.ts'
import { type ProgramResult, runProgram } from '../support/vmsctl.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'vms-pack-'))
const prefix = join(dir, 'prefix')
const state = join(dir, 'state')

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

function npm(...args: string[]) {
  return spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  })
}

/** The tarball, without building again what `npm test` has built. */
const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', dir).stdout) as Packed[]
const install = npm('install', '--prefix', prefix, '--prefer-offline', '--omit=dev', join(dir, packed!.filename))
const installed = install.status === 0
if (!installed) console.log(`the packed tarball cannot be installed here: ${install.stderr.trim().split('\n')[0]}`)
/** Without the registry nothing can be installed; any other failure is one of the package. */
const noRegistry = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|network/.test(install.stderr)

afterAll(() => rmSync(dir, { recursive: true, force: true }))

const run = (...args: string[]): Promise<ProgramResult> =>
  runProgram(
    join(prefix, 'node_modules/.bin/vmsctl'),
    args,
    { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: dir, VMSCTL_STATE_DIR: state, VMS_CONFIG: join(dir, 'vms.yaml') },
    dir,
  )

describe('the package', () => {
  it('holds what it needs to run, and nothing else', () => {
    const paths = packed!.files.map(file => file.path)
    for (const needed of [
      'bin/vmsctl',
      'bin/run.js',
      'oclif.manifest.json',
      'README.md',
      'LICENSE',
      'docs/errors.md',
      'dist/src/cli/main.js',
      'dist/src/daemon/main.js',
      'dist/src/media/worker/main.js',
      'dist/src/media/virtual/main.js',
      'dist/commands/status.js',
      'dist/THIRD-PARTY-LICENSES.txt',
      'templates/systemd/vmsctl.service',
      'templates/crontab',
    ])
      expect(paths).toContain(needed)
    expect(
      paths.filter(
        path => !/^(bin|dist|docs|templates)\/|^(package\.json|oclif\.manifest\.json|README\.md|LICENSE)$/.test(path),
      ),
    ).toEqual([])
    expect(paths.filter(path => /\.ts$|\.tsbuildinfo$|\.map$|bin\/dev\.js|(^|\/)test\//.test(path))).toEqual([])
  })

  it.skipIf(noRegistry)('can be installed into an empty prefix', () => {
    expect([install.status, install.stderr]).toEqual([0, expect.any(String)])
  })
})

describe.skipIf(noRegistry)('the installed package', () => {
  let cameras: Awaited<ReturnType<typeof spawnVirtualCameras>>
  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 2, main: 500_000, sub: undefined })
  })
  afterAll(async () => {
    await run('daemon', 'stop', '--recorders')
    await cameras.stop()
  })

  it('knows its version, its commands and its configuration', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(await run('--version')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`vmsctl/${version} `),
      err: '',
    })
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('autocomplete'), err: '' })
    expect(JSON.parse((await run('config', 'schema')).out)).toHaveProperty('properties.cameras')
    const unit = await run('service', 'print')
    expect(unit.out).toContain(`ExecStart=${join(prefix, 'node_modules/vmsctl/bin/vmsctl')} daemon run`)
  })

  it('writes a configuration, records by it, says so and ends', async () => {
    const urls = cameras.cameras.flatMap(({ id, main }) => ['--from-url', `${id}=${main}`])
    expect(await run('init', ...urls)).toMatchObject({ code: 0, err: '' })
    // A MediaMTX on PATH would take the ports that everybody's takes.
    appendFileSync(join(dir, 'vms.yaml'), 'mediamtx: { run: never }\n')
    expect(await run('daemon', 'start')).toMatchObject({ code: 0, err: '' })
    let status = await run('status')
    for (let i = 0; i < 60 && !status.out.startsWith('2 of 2 cameras are recording as they should'); i++) {
      await sleep(systemClock, 500)
      status = await run('status')
    }
    expect(status).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 of 2 cameras are recording as they should'),
    })
    expect(await run('daemon', 'stop', '--recorders')).toMatchObject({ code: 0, err: '' })
    expect((await run('status')).code).toBe(5)
    expect(await run('camera', 'verify-frames', dir)).toMatchObject({ code: 0 })
  })
})
