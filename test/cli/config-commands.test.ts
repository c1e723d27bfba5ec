import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'

const SITE = `site: { name: hall, timezone: UTC }
storage: { path: ./archive }
credentials: { hik: { username: admin, password: { env: HIK_PASSWORD } } }
cameras:
  - { id: gate-1, main: "rtsp://h/1", sub: "rtsp://h/2", group: outside, credentials: hik }
  - { range: "hall-{1..3}", main: "rtsp://op:hunter2@10.0.0.{n}/1", group: hall }
`
const home = process.cwd()
let cwd = ''

async function vmsctl(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const result = await runCommand(args)
  expect(result.out + result.err).not.toContain('hunter2')
  return result
}
const json = async (...args: string[]) => JSON.parse((await vmsctl(...args, '--json')).out)
const file = (text?: string) =>
  text === undefined ? readFileSync(join(cwd, 'vms.yaml'), 'utf8') : writeFileSync(join(cwd, 'vms.yaml'), text)

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'vmsctl-cli-'))
  process.chdir(cwd)
})
afterEach(() => {
  process.chdir(home)
  rmSync(cwd, { recursive: true, force: true })
})

describe('vmsctl config check', () => {
  it('says in one sentence that all is well, and exits 0', async () => {
    file(SITE)
    const { code, out, err } = await vmsctl('config', 'check')
    expect(code).toBe(0)
    expect(out).toBe(`${cwd}/vms.yaml is fine: 4 cameras, 1 with a sub-stream, 2 groups; 2 warnings.\n`)
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^warning: vms\.yaml:6:35: a password inside a URL -> better: credentials:/),
      'warning: password: environment variable HIK_PASSWORD is not set (used by gate-1)',
      '',
    ])
    expect((await vmsctl('config', 'check', '--file-only')).out).toContain('; 1 warning.')
    expect((await vmsctl('config', 'check', '--quiet')).out).toBe('')
  })

  it('lists every fault and exits 2, and the same as data with --json', async () => {
    file('storage: { pth: x }\ncameras:\n  - { id: a/b, main: "rtsp://h/1" }\n')
    const { code, out, err } = await vmsctl('config', 'check')
    expect([code, out]).toEqual([2, ''])
    expect(err).toBe(`vmsctl: 2 faults in vms.yaml
vms.yaml:1:12: "pth" is not a key of storage -> did you mean "path"?
vms.yaml:3:11: id "a/b" holds a slash; it becomes a directory name and a part of URLs
`)
    expect((await json('config', 'check')).error).toMatchObject({
      code: 'VMS_E_CONFIG_INVALID',
      details: {
        count: 2,
        faults: [{ file: 'vms.yaml', line: 1, column: 12, hint: 'did you mean "path"?' }, { line: 3 }],
      },
    })
  })

  it('finds a storage path that cannot be used, at its place', async () => {
    file(SITE.replace('./archive', 'vms.yaml'))
    const { code, err } = await vmsctl('config', 'check')
    expect(code).toBe(2)
    expect(err).toContain(
      `vms.yaml:2:18: storage path ${cwd}/vms.yaml is a file, or lies below one; a directory is needed -> name a directory`,
    )
    expect((await vmsctl('config', 'check', '--file-only')).code).toBe(0)
  })

  it('exits 3 without a configuration, and says how to write one', async () => {
    const { code, err } = await vmsctl('config', 'check')
    expect(code).toBe(3)
    expect(err).toContain('vmsctl init')
  })

  it('reads the file that --config names', async () => {
    mkdirSync(join(cwd, 'etc'))
    writeFileSync(join(cwd, 'etc/a.yaml'), SITE)
    expect((await vmsctl('config', 'check', '--config', 'etc/a.yaml')).out).toContain(`${cwd}/etc/a.yaml is fine`)
  })
})

describe('vmsctl config show and schema', () => {
  it('shows everything filled in, and of passwords the place', async () => {
    file(SITE)
    const { out } = await vmsctl('config', 'show')
    expect(out).toContain('segment: 180s')
    expect(out).toContain('  - id: hall-3\n    group: hall\n    main: rtsp://10.0.0.3/1\n')
    expect(out).toContain('credentials: "admin, password: environment variable HIK_PASSWORD"')
    const shown = await json('config', 'show')
    expect(shown.storage).toMatchObject({ path: `${cwd}/archive`, segment: 180_000 })
    expect(shown.cameras[0].main.credentials).toEqual({
      username: 'admin',
      password: { kind: 'env', name: 'HIK_PASSWORD' },
    })
    expect(shown.cameras[1].main).toEqual({
      url: 'rtsp://10.0.0.1/1',
      credentials: { username: 'op', password: { kind: 'inline' } },
      verifyTls: true,
    })
  })

  it('masks a password in a path', async () => {
    file(SITE.replace('rtsp://h/1', 'rtsp://h/user=admin&password=hunter2&channel=1'))
    expect((await vmsctl('config', 'show')).out).toContain('rtsp://h/user=admin&password=***&channel=1')
    expect((await vmsctl('camera', 'list')).out).toContain('password=***')
    expect((await json('camera', 'list')).cameras[0].main.url).toContain('password=***')
  })

  it('prints a JSON Schema', async () => {
    expect(JSON.parse((await vmsctl('config', 'schema')).out).properties.cameras.type).toBe('array')
  })
})

describe('vmsctl camera add, remove, list', () => {
  it('edits the file', async () => {
    file(SITE)
    expect(
      (await vmsctl('camera', 'add', 'gate-2', '--main', 'rtsp://h/3', '--credentials', 'hik', '--no-record')).out,
    ).toBe(`Camera gate-2 added to ${cwd}/vms.yaml; 5 in all.\n`)
    expect(file()).toBe(`${SITE}  - { id: gate-2, main: "rtsp://h/3", credentials: hik, record: false }\n`)
    expect((await vmsctl('camera', 'remove', 'gate-2', 'hall-2')).out).toBe(
      `2 cameras removed from ${cwd}/vms.yaml; 3 remain.\n`,
    )
    expect((await vmsctl('camera', 'list')).out).toBe(`camera  group    record  main               sub
gate-1  outside  native  rtsp://h/1         rtsp://h/2
hall-1  hall     native  rtsp://10.0.0.1/1
hall-3  hall     native  rtsp://10.0.0.3/1
`)
  })

  it('answers in JSON', async () => {
    file(SITE)
    expect(await json('camera', 'add', 'x-{1..2}', '--main', 'rtsp://x/{n}')).toEqual({
      file: `${cwd}/vms.yaml`,
      added: ['x-1', 'x-2'],
      cameras: 6,
    })
    expect(await json('camera', 'remove', 'x-1')).toEqual({ file: `${cwd}/vms.yaml`, removed: ['x-1'], cameras: 5 })
    expect(
      (await json('camera', 'list', '--group', 'hall')).cameras.map((camera: { id: string }) => camera.id),
    ).toEqual(['hall-1', 'hall-2', 'hall-3'])
  })

  it('refuses what would make the file faulty, or is not there', async () => {
    file(SITE)
    expect(await vmsctl('camera', 'add', 'HALL-2', '--main', 'rtsp://h/9')).toMatchObject({
      code: 2,
      err: expect.stringContaining('differs from hall-2'),
    })
    expect(await vmsctl('camera', 'add', 'x', '--main', 'rtsp://op:hunter2@h/9')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--credentials'),
    })
    expect((await vmsctl('camera', 'add', 'x')).err).toMatch(/^vmsctl: Missing required flag main\n/)
    expect((await vmsctl('camera', 'add', 'x', '--main', 'rtsp://h/1', 'rtsp://u:hunter2@h')).code).toBe(2)
    expect(await vmsctl('camera', 'remove', 'hall-9')).toMatchObject({
      code: 3,
      err: expect.stringContaining('Did you mean hall-1?'),
    })
    expect(await vmsctl('camera', 'list', '--group', 'hal')).toMatchObject({
      code: 3,
      err: expect.stringContaining('Did you mean hall?'),
    })
    expect(file()).toBe(SITE)
  })
})

describe('vmsctl init', () => {
  it('writes a file that config check takes, and never over another', async () => {
    expect((await vmsctl('init')).out).toBe(
      `Wrote ${cwd}/vms.yaml with 0 cameras.\nNext: vmsctl camera add, or edit the file; then vmsctl config check\n`,
    )
    expect(await vmsctl('config', 'check')).toMatchObject({ code: 0, err: expect.stringContaining('no cameras yet') })
    expect(await vmsctl('init')).toMatchObject({ code: 4, err: expect.stringContaining('vms.yaml exists already') })
    expect(
      (await vmsctl('init', '--force', '--from-url', 'gate=rtsp://h/1', '--from-url', 'rtsp://h/2', 'vms.yaml')).out,
    ).toContain('with 2 cameras')
  })

  it('says where the passwords of a table go', async () => {
    writeFileSync(join(cwd, 'cameras.csv'), 'id,main\na,rtsp://admin:hunter2@h/1\n')
    const { out } = await vmsctl('init', '--from-csv', 'cameras.csv')
    expect(out).toContain('Put the password of camera (user admin) into the environment variable CAMERA_PASSWORD.')
    expect(file()).not.toContain('hunter2')
    expect((await vmsctl('init', '--from-csv', 'cameras.csv', '--save-passwords', 'b.yaml')).out).toContain(
      'The password of camera (user admin) is in ./vms-secrets/camera.',
    )
    expect(readFileSync(join(cwd, 'vms-secrets/camera'), 'utf8')).toBe('hunter2\n')
  })
})
