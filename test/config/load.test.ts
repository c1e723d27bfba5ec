import { execFileSync } from 'node:child_process'
import { mkdir, open, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeSite, loadSiteConfig, showSite } from '../../src/config/index.ts'
import { load, temporaryDirectory, withCameras } from './support.ts'

const EXAMPLE = `site: { name: warehouse, timezone: Europe/Paris }
storage: { path: ./archive, segment: 180s }
gateway: { listen: 127.0.0.1:8654 }
credentials:
  hik: { username: admin, password: { file: /run/credentials/hik } }     # or { env: HIK_PASSWORD }
defaults: { transport: tcp, credentials: hik }
cameras:
  - { id: gate-1, main: "rtsp://10.0.0.11/Streaming/101", sub: "rtsp://10.0.0.11/Streaming/102", group: outside }
  - { range: "hall-{001..040}", main: "rtsp://10.0.1.{n}/1", sub: "rtsp://10.0.1.{n}/2" }     # {n}: 1 to 40
`

describe('loading vms.yaml', () => {
  it('reads the form that is documented, ranges spread out and defaults filled in', async () => {
    const { config, warnings } = await load(EXAMPLE)
    const hik = { username: 'admin', password: { kind: 'file', path: '/run/credentials/hik' } }
    expect(warnings).toEqual([])
    expect(config.site).toEqual({ name: 'warehouse', timezone: 'Europe/Paris' })
    expect(config.storage).toMatchObject({ segment: 180_000, names: 'utc', sync: 30_000, memory: 512_000_000 })
    expect(config.storage.path).toMatch(/^\/.*\/archive$/)
    expect(config.gateway).toEqual({ host: '127.0.0.1', port: 8654, credentials: undefined, linger: 30_000 })
    expect(config.limits).toEqual({ connectsPerSecond: 10, connectsPerHost: 4, workers: 'auto' })
    expect(config.cameras).toHaveLength(41)
    expect(config.cameras[0]).toEqual({
      id: 'gate-1',
      group: 'outside',
      main: { url: 'rtsp://10.0.0.11/Streaming/101', credentials: hik, verifyTls: true },
      sub: { url: 'rtsp://10.0.0.11/Streaming/102', credentials: hik, verifyTls: true },
      engine: 'native',
      record: true,
      prewarm: false,
      retention: { age: null, quota: null, priority: 50 },
      linger: 30_000,
      place: 'vms.yaml:8:5',
    })
    expect(config.cameras[7]).toMatchObject({
      id: 'hall-007',
      main: { url: 'rtsp://10.0.1.7/1' },
      place: 'vms.yaml:9:5',
    })
    expect(config.cameras.at(-1)).toMatchObject({ id: 'hall-040', sub: { url: 'rtsp://10.0.1.40/2' } })
  })

  it('is plain data, equal when read twice, so that a reload can compare', async () => {
    const [first, second] = [await load(EXAMPLE), await load(EXAMPLE)]
    const strip = (config: object) => JSON.parse(JSON.stringify(config).replaceAll(/site-\w+/g, ''))
    expect(strip(first.config)).toEqual(strip(second.config))
    expect(structuredClone(first.config)).toEqual(first.config)
  })

  it('takes the site from the machine where the file says nothing', async () => {
    expect((await load(withCameras())).config.site).toEqual({ name: 'box', timezone: 'Europe/Berlin' })
  })

  it('lays camera over group over defaults', async () => {
    const { config } = await load(`storage: { path: a }
credentials: { a: { username: a, password: { env: A } }, b: { username: b, password: { systemd: b } } }
defaults: { credentials: a, engine: ffmpeg, verify_tls: false }
groups: { out: { credentials: b, record: false } }
cameras:
  - { id: one, main: "rtsps://h/1" }
  - { id: two, main: "rtsps://h/2", group: out }
  - { id: three, main: "rtsps://h/3", group: out, record: true, engine: native, credentials: a }
`)
    const seen = config.cameras.map(({ main, engine, record }) => [
      main.credentials?.username,
      main.verifyTls,
      engine,
      record,
    ])
    expect(seen).toEqual([
      ['a', false, 'ffmpeg', true],
      ['b', false, 'ffmpeg', false],
      ['a', false, 'native', true],
    ])
  })

  it('lets streams of a camera linger as its group says, else the defaults, else the gateway', async () => {
    const cameras = 'cameras: [{ id: a, main: "rtsp://h/1" }, { id: b, main: "rtsp://h/2", group: doors }]\n'
    const lingers = async (text: string) =>
      (await load(`storage: { path: a }\n${text}\n${cameras}`)).config.cameras.map(({ linger }) => linger)
    expect(await lingers('gateway: { linger: 10s }')).toEqual([10_000, 10_000])
    expect(await lingers('groups: { doors: { linger: 2m } }')).toEqual([30_000, 120_000])
    expect(await lingers('defaults: { linger: 0s }\ngateway: { linger: 10s }')).toEqual([0, 0])
  })

  it('takes a gateway for the network without a login: its viewers need tokens', async () => {
    const { config } = await load('storage: { path: a }\ngateway: { listen: "0.0.0.0:8654" }\n')
    expect(config.gateway).toMatchObject({ host: '0.0.0.0', credentials: undefined })
  })

  it('knows schedules: of a camera, of its group, of all, and one is never mixed with another', async () => {
    const { config } = await load(`storage: { path: a }
defaults: { record: { schedule: "* 7-18  * * mon-fri" } }
groups: { night: { record: { schedule: ["* 20-23 * * *", "* 0-5 * * *"] } }, off: { record: never } }
cameras:
  - { id: one, main: "rtsp://h/1" }
  - { range: "n-{1..2}", main: "rtsp://h/n{n}", group: night }
  - { id: own, main: "rtsp://h/3", group: night, record: { schedule: ["* * * * sun"] } }
  - { id: all, main: "rtsp://h/4", group: night, record: always }
  - { id: off, main: "rtsp://h/5", group: off }
`)
    const night = { schedule: ['* 20-23 * * *', '* 0-5 * * *'] }
    expect(config.cameras.map(({ id, record }) => [id, record])).toEqual([
      ['one', { schedule: ['* 7-18 * * mon-fri'] }],
      ['n-1', night],
      ['n-2', night],
      ['own', { schedule: ['* * * * sun'] }],
      ['all', true],
      ['off', false],
    ])
    expect(await describeSite(config)).toContain('    record:\n      schedule:\n        - "* 20-23 * * *"')
    expect(showSite(config).cameras[1]).toMatchObject({ record: night })
  })

  it('takes ids for the text they are, whatever another YAML parser would see', async () => {
    const ids = ['on', 'no', '1e3', '007', '0x1F', 'true', '12:30'.replace(':', '-'), '1.50', '.5'.slice(1), 'y']
    const lines = ids.map((id, index) => `{ id: ${id}, main: "rtsp://h/${index}", group: ${id} }`)
    const { config } = await load(withCameras(...lines))
    expect(config.cameras.map(camera => camera.id)).toEqual(ids)
    expect(config.cameras.map(camera => camera.group)).toEqual(ids)
  })

  it('follows aliases and merge keys', async () => {
    const { config } = await load(`storage: { path: a }
x-hall: &hall { group: hall, record: false }
cameras:
  - { <<: *hall, id: a, main: "rtsp://h/1" }
  - { <<: *hall, id: b, main: "rtsp://h/2", record: true }
`)
    expect(config.cameras.map(({ group, record }) => [group, record])).toEqual([
      ['hall', false],
      ['hall', true],
    ])
  })

  it('fills placeholders of a range: plain, padded, moved', async () => {
    const { config } = await load(withCameras('{ range: "a{8..10}b", main: "rtsp://10.0.0.{n+100}/ch{nn}/{n}" }'))
    expect(config.cameras.map(({ id, main }) => [id, main.url])).toEqual([
      ['a8b', 'rtsp://10.0.0.108/ch08/8'],
      ['a9b', 'rtsp://10.0.0.109/ch09/9'],
      ['a10b', 'rtsp://10.0.0.110/ch10/10'],
    ])
  })

  it('takes user and password out of a URL, with a warning that does not hold them', async () => {
    const { config, warnings } = await load(
      withCameras(
        '{ id: a, main: "rtsp://us%40er:s3cr%3At@10.0.0.1:554/x?y=1", sub: "rtsp://us%40er:s3cr%3At@10.0.0.1/z" }',
      ),
    )
    expect(config.cameras[0]?.main).toEqual({
      url: 'rtsp://10.0.0.1:554/x?y=1',
      credentials: { username: 'us@er', password: { kind: 'inline', value: 's3cr:t' } },
      verifyTls: true,
    })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatchObject({
      line: 3,
      column: 20,
      message: 'a password inside a URL (and so in 1 other place)',
    })
    expect(warnings[0]?.hint).toContain('password: { file: PATH }')
    expect(JSON.stringify(warnings)).not.toMatch(/s3cr/)
  })

  it('warns of a password in the file, of one in a path, and of two streams with one URL', async () => {
    const { warnings } = await load(`storage: { path: a }
credentials: { a: { username: a, password: hunter2 } }
cameras:
  - { id: a, main: "rtsp://h/user=x&password=hunter3", credentials: a }
  - { id: b, main: "rtsp://h/1", sub: "rtsp://h/1" }
  - { range: "c-{1..3}", main: "rtsp://h/2" }
`)
    expect(warnings.map(({ line, message }) => [line, message])).toEqual([
      [2, 'a password in the configuration file'],
      [4, 'a password in the path or query of a URL'],
      [5, 'b/sub has the same URL as b/main (and so in 1 other place)'],
    ])
    expect(JSON.stringify(warnings)).not.toMatch(/hunter/)
  })

  it('reads Windows line ends and a byte order mark', async () => {
    expect((await load(`\uFEFF${EXAMPLE.replaceAll('\n', '\r\n')}`)).config.cameras).toHaveLength(41)
  })

  it('reads a pipe, and counts relative paths from the working directory then', async () => {
    const cwd = await temporaryDirectory()
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const writing = writeFile(join(cwd, 'pipe'), EXAMPLE)
    const { config } = await loadSiteConfig('pipe', { env: {}, cwd })
    await writing
    expect(config.storage.path).toBe(join(cwd, 'archive'))
  })

  it('counts relative paths from the directory of the file', async () => {
    const cwd = await temporaryDirectory()
    await mkdir(join(cwd, 'etc'))
    await writeFile(
      join(cwd, 'etc/site.yaml'),
      'storage: { path: ../archive }\ncredentials: { a: { username: u, password: { file: p } } }\ncameras: [{ id: a, main: "rtsp://h/1", credentials: a }]',
    )
    const { config } = await loadSiteConfig('etc/site.yaml', { env: {}, cwd })
    expect(config.storage.path).toBe(join(cwd, 'archive'))
    expect(config.cameras[0]?.main.credentials?.password).toEqual({ kind: 'file', path: join(cwd, 'etc/p') })
  })

  it('looks at --config, VMS_CONFIG, ./vms.yaml, in this order', async () => {
    const cwd = await temporaryDirectory()
    const name = async (flag: string | undefined, env: NodeJS.ProcessEnv) =>
      (await loadSiteConfig(flag, { env, cwd })).config.site.name
    for (const file of ['flag', 'env', 'vms'])
      await writeFile(join(cwd, `${file}.yaml`), `site: { name: ${file} }\n${withCameras()}`)
    expect(await name('flag.yaml', { VMS_CONFIG: 'env.yaml' })).toBe('flag')
    expect(await name(undefined, { VMS_CONFIG: 'env.yaml' })).toBe('env')
    expect(await name(undefined, {})).toBe('vms')
    await expect(name('none.yaml', {})).rejects.toMatchObject({ code: 'VMS_E_CONFIG_NOT_FOUND', exitCode: 3 })
    await expect(name(undefined, { VMS_CONFIG: 'none.yaml' })).rejects.toMatchObject({ code: 'VMS_E_CONFIG_NOT_FOUND' })
  })

  it('names the places that were looked at when there is no file', async () => {
    const cwd = await temporaryDirectory()
    await expect(loadSiteConfig(undefined, { env: {}, cwd })).rejects.toThrow(
      `neither ${cwd}/vms.yaml nor /etc/vmsctl/vms.yaml exists`,
    )
  })

  it('refuses 50 MB by the size alone, endless devices, directories and bytes that are not text', async () => {
    const cwd = await temporaryDirectory()
    const file = await open(join(cwd, 'large.yaml'), 'w')
    await file.truncate(50_000_000)
    await file.close()
    await mkdir(join(cwd, 'dir.yaml'))
    await symlink('/dev/zero', join(cwd, 'endless.yaml'))
    await writeFile(join(cwd, 'bytes.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]))
    const message = (name: string) =>
      loadSiteConfig(name, { env: {}, cwd }).then(
        () => '',
        (error: Error) => error.message,
      )
    expect(await message('large.yaml')).toBe('large.yaml:1:1: is 50 MB; 2 MB are the most -> is it the right file?')
    expect(await message('endless.yaml')).toContain('is more than 2 MB')
    expect(await message('dir.yaml')).toContain('is a directory')
    expect(await message('bytes.yaml')).toContain('is not UTF-8 text')
  })
})
