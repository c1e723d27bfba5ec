import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addCamera, loadSiteConfig, type StarterOptions, writeStarter } from '../../src/config/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import { temporaryDirectory } from './support.ts'

async function start(options: Partial<StarterOptions> & { table?: string } = {}) {
  const cwd = options.cwd ?? (await temporaryDirectory())
  const { table, ...rest } = options
  if (table !== undefined) await writeFile(join(cwd, 'cameras.csv'), table)
  const result = await writeStarter({
    file: 'vms.yaml',
    cwd,
    clock: systemClock,
    ...(table === undefined ? {} : { csv: 'cameras.csv' }),
    ...rest,
  })
  const text = await readFile(join(cwd, 'vms.yaml'), 'utf8')
  const { config, warnings } = await loadSiteConfig(undefined, { env: {}, cwd })
  return { cwd, result, text, config, warnings }
}

async function faults(table: string): Promise<string> {
  const error = await start({ table }).catch((error: unknown) => error)
  if (error instanceof VmsError) return error.message
  throw error
}

describe('a first configuration', () => {
  it('from nothing has a word on every part, loads, and takes cameras', async () => {
    const { cwd, text, config, result } = await start()
    for (const part of ['site', 'storage', 'gateway', 'credentials', 'defaults', 'groups', 'cameras'])
      expect(text).toMatch(new RegExp(`^(# )?${part}:`, 'm'))
    expect(config.cameras).toEqual([])
    expect(result).toEqual({ file: join(cwd, 'vms.yaml'), cameras: 0, credentials: [] })
    const after = await addCamera(undefined, { id: 'a', main: 'rtsp://h/1' }, { env: {}, cwd, clock: systemClock })
    expect(after.cameras).toEqual(['a'])
  })

  it('is never written over another one, unless forced', async () => {
    const { cwd } = await start()
    await writeFile(join(cwd, 'vms.yaml'), '# mine\n')
    await expect(start({ cwd })).rejects.toMatchObject({ code: 'VMS_E_FILE_EXISTS', exitCode: 4 })
    expect(await readFile(join(cwd, 'vms.yaml'), 'utf8')).toBe('# mine\n')
    await start({ cwd, force: true })
    expect(await readFile(join(cwd, 'vms.yaml'), 'utf8')).toContain('storage:')
  })

  it('says why it cannot be written', async () => {
    await expect(start({ file: 'no/such/vms.yaml' })).rejects.toMatchObject({ code: 'VMS_E_FILE_WRITE', exitCode: 5 })
  })

  it('has a camera for each URL, with the given id or its own', async () => {
    const { config } = await start({
      urls: ['rtsp://h/1', 'gate=rtsp://h/2?a=b', 'camera-2=rtsp://h/3', 'rtsps://h/4'],
    })
    expect(config.cameras.map(({ id, main }) => `${id} ${main.url}`)).toEqual([
      'camera-1 rtsp://h/1',
      'gate rtsp://h/2?a=b',
      'camera-2 rtsp://h/3',
      'camera-3 rtsps://h/4',
    ])
  })

  it('tells all faults of the URLs at once', async () => {
    const error = await start({
      urls: ['http://h/1', '../x=rtsp://h/1', 'a=rtsp://h/1', 'A=rtsp://u:hunter2@h:99999/1'],
    }).catch((error: unknown) => error as Error)
    expect((error as Error).message.split('\n')).toHaveLength(4)
    expect((error as Error).message).not.toContain('hunter2')
  })

  it('puts no password into the file, and says where each one goes', async () => {
    const { cwd, text, config, result, warnings } = await start({
      urls: ['rtsp://admin:hunter2@h/1', 'rtsp://admin:hunter2@h/2', 'rtsp://op:hunter3@h/3', 'rtsp://h/4'],
    })
    expect(text).not.toMatch(/hunter/)
    expect(await readdir(cwd)).toEqual(['vms.yaml'])
    expect(warnings).toEqual([])
    expect(result.credentials).toEqual([
      { name: 'camera', username: 'admin', place: { env: 'CAMERA_PASSWORD' }, saved: false },
      { name: 'camera-2', username: 'op', place: { env: 'CAMERA_2_PASSWORD' }, saved: false },
    ])
    expect(config.cameras.map(camera => camera.main.credentials?.password)).toEqual([
      { kind: 'env', name: 'CAMERA_PASSWORD' },
      { kind: 'env', name: 'CAMERA_PASSWORD' },
      { kind: 'env', name: 'CAMERA_2_PASSWORD' },
      undefined,
    ])
  })

  it('writes passwords into files of their own when asked to', async () => {
    const { cwd, text, config } = await start({ urls: ['rtsp://admin:p%40ss@h/1'], savePasswords: true })
    const path = join(cwd, 'vms-secrets/camera')
    expect(text).not.toContain('p@ss')
    expect(config.cameras[0]?.main.credentials?.password).toEqual({ kind: 'file', path })
    expect(await readFile(path, 'utf8')).toBe('p@ss\n')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    // Another configuration in this directory does not take the file.
    await expect(
      start({ cwd, file: 'b.yaml', urls: ['rtsp://x:other@h/1'], savePasswords: true }),
    ).rejects.toMatchObject({ code: 'VMS_E_FILE_EXISTS' })
    expect(await readFile(path, 'utf8')).toBe('p@ss\n')
  })
})

describe('a table of cameras', () => {
  it('is read by its header line, with quotes, empty fields and any order', async () => {
    const { config, text } = await start({
      table:
        '\uFEFFmain,id,group,record,engine,sub\r\n"rtsp://h/1?a=1,2",gate-1,outside,false,ffmpeg,"rtsp://h/""1"""\r\n\r\nrtsp://h/2,007,,,,\r\n',
    })
    expect(config.cameras).toMatchObject([
      {
        id: 'gate-1',
        group: 'outside',
        record: false,
        engine: 'ffmpeg',
        main: { url: 'rtsp://h/1?a=1,2' },
        sub: { url: 'rtsp://h/"1"' },
      },
      { id: '007', group: undefined, record: true, engine: 'native', main: { url: 'rtsp://h/2' }, sub: undefined },
    ])
    expect(text).toContain('- { id: "007", main: "rtsp://h/2" }')
  })

  it.each([
    ['semicolons', 'id;main\na;rtsp://h/1\n'],
    ['tabs', 'id\tmain\na\trtsp://h/1\n'],
    ['capitals in the header, no last line break', 'ID,Main\na,rtsp://h/1'],
    ['old line ends', 'id,main\ra,rtsp://h/1\r'],
  ])('is read with %s', async (_, table) => {
    expect((await start({ table })).config.cameras).toMatchObject([{ id: 'a', main: { url: 'rtsp://h/1' } }])
  })

  it('may hold ranges, and users in columns or URLs', async () => {
    const { config, text, result } = await start({
      table:
        'range,main,username,password\n"hall-{1..3}",rtsp://10.0.0.{n}/1,admin,hunter2\nx{1..2},rtsp://op:hunter3@h/{n},,\n',
    })
    expect(config.cameras.map(({ id, main }) => `${id} ${main.url} ${main.credentials?.username}`)).toEqual([
      'hall-1 rtsp://10.0.0.1/1 admin',
      'hall-2 rtsp://10.0.0.2/1 admin',
      'hall-3 rtsp://10.0.0.3/1 admin',
      'x1 rtsp://h/1 op',
      'x2 rtsp://h/2 op',
    ])
    expect(text).not.toContain('hunter')
    expect(result.credentials).toHaveLength(2)
  })

  it('has every bad row told at once, with row and column', async () => {
    const message = await faults(
      'id,main,sub,engine\na/b,rtsp://h/1,,\nb,http://h/2,,\nb,rtsp://h/3,x,fmpeg\n,rtsp://h/4,,\nc,,,\n',
    )
    expect(message.split('\n')).toEqual([
      '7 faults in cameras.csv',
      expect.stringMatching(/^cameras\.csv:2:1: id "a\/b" holds a slash/),
      expect.stringMatching(/^cameras\.csv:3:3: main begins with "http:\/\/"/),
      expect.stringMatching(/^cameras\.csv:4:1: camera b is also at cameras\.csv:3:1/),
      expect.stringMatching(/^cameras\.csv:4:14: sub is not a URL/),
      expect.stringMatching(/^cameras\.csv:4:16: engine: "fmpeg" is not one of native, ffmpeg/),
      expect.stringMatching(/^cameras\.csv:5:1: a camera needs an id/),
      expect.stringMatching(/^cameras\.csv:6:3: a camera needs the key "main"/),
    ])
  })

  it.each([
    [
      'an unknown column',
      'id,mian\na,rtsp://h/1\n',
      'cameras.csv:1:4: "mian" is not a column of cameras -> did you mean "main"?',
    ],
    ['no header', 'a,rtsp://h/1\n', 'the first line has no column "id"'],
    ['nothing', '', 'the first line has no column "id"'],
    ['a column twice', 'id,main,id\na,rtsp://h/1,b\n', 'cameras.csv:1:9: the column "id" is here twice'],
    ['a field too many', 'id,main\na,rtsp://h/1,2\n', 'cameras.csv:2:1: 3 fields where the header has 2'],
    ['an open quote', 'id,main\na,"rtsp://h/1\n', 'cameras.csv:2:3: a quote that is not closed'],
    ['text behind a quote', 'id,main\na,"rtsp://h/1" x\n', 'cameras.csv:2:15: text behind the closing quote'],
    [
      'a row behind a quoted line break',
      'id,main,group\na,rtsp://h/1,"x\ny"\nb,h/2,\n',
      'cameras.csv:4:3: main is not a URL',
    ],
    ['a bad URL with a password', 'id,main\na,rtsp://u:hun#ter2@h/1\n', 'main has an "@" after the host'],
  ])('says what is wrong with %s', async (_, table, said) => {
    const message = await faults(table)
    expect(message).toContain(said)
    expect(message).not.toMatch(/hun|ter2/)
  })

  it('refuses two users for the streams of one camera', async () => {
    await expect(start({ table: 'id,main,sub\na,rtsp://u:p@h/1,rtsp://v:p@h/2\n' })).rejects.toThrow(
      'streams with different users',
    )
  })

  it('of 10 000 rows makes a file that loads', async () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, index) =>
        `camera-${index},rtsp://10.1.${index >> 8}.${index & 255}/Streaming/Channels/101,rtsp://10.1.${index >> 8}.${index & 255}/Streaming/Channels/102,hall`,
    )
    const { config } = await start({ table: ['id,main,sub,group', ...rows].join('\n') })
    expect(config.cameras).toHaveLength(10_000)
  })
})
