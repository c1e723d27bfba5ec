import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addCamera, type CameraEntry, loadSiteConfig, removeCameras } from '../../src/config/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { temporaryDirectory } from './support.ts'

const SITE = `# our site
site:   {name: hall}      # odd spacing stays
storage: { path: a }


cameras:
  # at the gate
  - { id: gate-1, main: "rtsp://h/1" }   # the old one
  # in the hall
  - range: "hall-{001..005}"   # five of them
    main: 'rtsp://h/hall/{n}'
    group: hall
  - {id: last,main: "rtsp://h/3"} # behind it
# the end
limits: { workers: 2 }
`
const NEW: CameraEntry = { id: 'new', main: 'rtsp://h/9' }
const LINE = '- { id: new, main: "rtsp://h/9" }'

async function siteFile(text = SITE): Promise<{ cwd: string; file: string; options: Parameters<typeof addCamera>[2] }> {
  const cwd = await temporaryDirectory()
  const file = join(cwd, 'vms.yaml')
  await writeFile(file, text)
  return { cwd, file, options: { env: {}, cwd, clock: systemClock } }
}

async function added(text: string, entry = NEW): Promise<string> {
  const { file, options } = await siteFile(text)
  await addCamera(undefined, entry, options)
  return readFile(file, 'utf8')
}

async function removed(text: string, ...ids: string[]): Promise<string> {
  const { file, options } = await siteFile(text)
  await removeCameras(undefined, ids, options)
  return readFile(file, 'utf8')
}

describe('adding a camera', () => {
  it('writes one line and touches no other character', async () => {
    const before = '  - {id: last,main: "rtsp://h/3"} # behind it\n'
    expect(await added(SITE)).toBe(SITE.replace(before, `${before}  ${LINE}\n`))
  })

  it.each([
    ['no list', 'storage: { path: a }\n', `storage: { path: a }\ncameras:\n  ${LINE}\n`],
    ['no list and no last line break', 'storage: { path: a }', `storage: { path: a }\ncameras:\n  ${LINE}\n`],
    [
      'an empty list',
      'cameras:   # none yet\nstorage: { path: a }\n',
      `cameras:   # none yet\n  ${LINE}\nstorage: { path: a }\n`,
    ],
    ['a null', 'cameras: ~ # none\nstorage: { path: a }\n', `cameras:  # none\n  ${LINE}\nstorage: { path: a }\n`],
    [
      'an empty list in brackets',
      'storage: { path: a }\ncameras: []\n',
      'storage: { path: a }\ncameras: [{ id: new, main: "rtsp://h/9" }]\n',
    ],
    [
      'a list in brackets',
      'cameras: [ { id: a, main: "rtsp://h/1" } ]\nstorage: { path: a }\n',
      'cameras: [ { id: a, main: "rtsp://h/1" }, { id: new, main: "rtsp://h/9" } ]\nstorage: { path: a }\n',
    ],
    [
      'a list in brackets over lines',
      'cameras: [\n  { id: a, main: "rtsp://h/1" }, # one\n  ]\nstorage: { path: a }\n',
      'cameras: [\n  { id: a, main: "rtsp://h/1" },\n  { id: new, main: "rtsp://h/9" }, # one\n  ]\nstorage: { path: a }\n',
    ],
    [
      'a list without indentation',
      'cameras:\n- id: a\n  main: "rtsp://h/1"\nstorage: { path: a }\n',
      `cameras:\n- id: a\n  main: "rtsp://h/1"\n${LINE}\nstorage: { path: a }\n`,
    ],
    [
      'a list at the very end',
      'storage: { path: a }\ncameras:\n    -   { id: a, main: "rtsp://h/1" }',
      `storage: { path: a }\ncameras:\n    -   { id: a, main: "rtsp://h/1" }\n    ${LINE}\n`,
    ],
    [
      'Windows line ends',
      'storage: { path: a }\r\ncameras:\r\n  - { id: a, main: "rtsp://h/1" }\r\n',
      `storage: { path: a }\r\ncameras:\r\n  - { id: a, main: "rtsp://h/1" }\r\n  ${LINE}\r\n`,
    ],
    [
      'a file in braces',
      '{ storage: { path: a }, cameras: [ ] } # all\n',
      '{ storage: { path: a }, cameras: [{ id: new, main: "rtsp://h/9" }] } # all\n',
    ],
  ])('knows %s', async (_, before, after) => {
    expect(await added(before)).toBe(after)
  })

  it('goes by the document where the layout is none of these, and keeps its comments', async () => {
    const text = await added('# head\n{ storage: { path: a } } # tail\n')
    expect(text).toContain('# head')
    expect(text).toContain('# tail')
    expect(text).toContain('id: new')
  })

  it('quotes what another parser would not take for text', async () => {
    const entry = { id: '007', main: 'rtsp://h/9', group: 'no', engine: 'ffmpeg', record: 'false', verify_tls: 'false' }
    expect(await added(SITE, entry)).toContain(
      '  - { id: "007", main: "rtsp://h/9", group: "no", engine: ffmpeg, record: false, verify_tls: false }\n',
    )
  })

  it('writes the windows of a schedule in quotes', async () => {
    const entry = { id: 'till', main: 'rtsp://h/9', schedule: ['* 7-18 * * mon-fri', '* 12 * * sun'] }
    expect(await added(SITE, entry)).toContain(
      '  - { id: till, main: "rtsp://h/9", record: { schedule: ["* 7-18 * * mon-fri", "* 12 * * sun"] } }\n',
    )
  })

  it('adds a range', async () => {
    const { options } = await siteFile()
    const result = await addCamera(undefined, { id: 'x-{8..10}', main: 'rtsp://x/{n}' }, options)
    expect(result.cameras).toEqual(['x-8', 'x-9', 'x-10'])
  })

  it.each([
    ['is there already', { id: 'GATE-1', main: 'rtsp://h/9' }, /camera GATE-1 differs from gate-1/],
    ['has a bad id', { id: '../x', main: 'rtsp://h/9' }, /holds a slash/],
    ['has a bad URL', { id: 'x', main: 'http://h/9' }, /cameras are read over RTSP/],
    ['lies in a range', { id: 'hall-003', main: 'rtsp://h/9' }, /camera hall-003 is also at/],
    ['refers to nobody', { id: 'x', main: 'rtsp://h/9', credentials: 'hik' }, /there are no credentials "hik"/],
    ['has a password in its URL', { id: 'x', main: 'rtsp://u:hunter2@h/9' }, /^the main URL has a password in it/],
  ])('refuses one that %s, and writes nothing', async (_, entry, message) => {
    const { cwd, file, options } = await siteFile()
    const error = (await addCamera(undefined, entry, options).catch((error: unknown) => error)) as Error
    expect(error.message).toMatch(message)
    expect(JSON.stringify(error) + error.message).not.toContain('hunter2')
    expect(await readFile(file, 'utf8')).toBe(SITE)
    expect(await readdir(cwd)).toEqual(['vms.yaml'])
  })

  it('writes a password when asked to', async () => {
    const { file, options } = await siteFile()
    const { site } = await addCamera(
      undefined,
      { id: 'x', main: 'rtsp://u:pw@h/9' },
      { ...options, plainPassword: true },
    )
    expect(await readFile(file, 'utf8')).toContain('rtsp://u:pw@h/9')
    expect(site.warnings).toHaveLength(1)
  })

  it('keeps mode and symbolic link, and leaves nothing behind', async () => {
    const { cwd, file, options } = await siteFile()
    await chmod(file, 0o640)
    await mkdir(join(cwd, 'etc'))
    await symlink('../vms.yaml', join(cwd, 'etc/link.yaml'))
    await addCamera('etc/link.yaml', NEW, options)
    expect((await stat(file)).mode & 0o777).toBe(0o640)
    expect((await lstat(join(cwd, 'etc/link.yaml'))).isSymbolicLink()).toBe(true)
    expect(await readFile(file, 'utf8')).toContain(LINE)
    expect((await readdir(cwd)).sort()).toEqual(['etc', 'vms.yaml'])
  })

  it('loses none of many edits at the same time', async () => {
    const { cwd, options } = await siteFile()
    const ids = Array.from({ length: 12 }, (_, index) => `new-${index}`)
    await Promise.all(ids.map(id => addCamera(undefined, { id, main: `rtsp://h/${id}` }, options)))
    const { config } = await loadSiteConfig(undefined, { env: {}, cwd })
    expect(config.cameras.map(camera => camera.id)).toEqual(expect.arrayContaining(ids))
  })

  it('says so when an edit was left unfinished', async () => {
    const { cwd, options } = await siteFile()
    await writeFile(join(cwd, '.vms.yaml.vmsctl-edit'), '')
    let now = 0
    const clock = {
      ...systemClock,
      monotonic: () => (now += 1_000),
      after: (_: number, run: () => void) => systemClock.after(1, run),
    }
    await expect(addCamera(undefined, NEW, { ...options, clock })).rejects.toMatchObject({ code: 'VMS_E_CONFIG_BUSY' })
    await addCamera(undefined, NEW, { ...options, clock: { ...clock, wall: () => Date.now() + 120_000 } })
  })
})

describe('removing cameras', () => {
  it('takes the line and keeps the comments above it', async () => {
    expect(await removed(SITE, 'gate-1')).toBe(
      SITE.replace('  - { id: gate-1, main: "rtsp://h/1" }   # the old one\n', ''),
    )
    expect(await removed(SITE, 'LAST')).toBe(SITE.replace('  - {id: last,main: "rtsp://h/3"} # behind it\n', ''))
  })

  it('takes all lines of an entry', async () => {
    const range = `  - range: "hall-{001..005}"   # five of them
    main: 'rtsp://h/hall/{n}'
    group: hall
`
    expect(await removed(SITE, ...[1, 2, 3, 4, 5].map(number => `hall-00${number}`))).toBe(SITE.replace(range, ''))
  })

  it('splits a range in which it stood', async () => {
    const after = await removed(SITE, 'hall-003')
    expect(after).toContain(`  - range: "hall-{001..002}"   # five of them
    main: 'rtsp://h/hall/{n}'
    group: hall
  - range: "hall-{004..005}"   # five of them
    main: 'rtsp://h/hall/{n}'
    group: hall
`)
    const { config } = await loadSiteConfig(undefined, { env: {}, cwd: (await siteFile(after)).cwd })
    expect(config.cameras.map(({ id, main }) => `${id} ${main.url}`)).toEqual([
      'gate-1 rtsp://h/1',
      'hall-001 rtsp://h/hall/1',
      'hall-002 rtsp://h/hall/2',
      'hall-004 rtsp://h/hall/4',
      'hall-005 rtsp://h/hall/5',
      'last rtsp://h/3',
    ])
  })

  it('shortens a range at its ends, and keeps a comment behind it once', async () => {
    const text = 'storage: { path: a }\ncameras:\n  - { range: "h-{1..9}", main: "rtsp://h/{n}" }  # nine\n'
    expect(await removed(text, 'h-1', 'h-9')).toBe(text.replace('{1..9}', '{2..8}'))
    expect(await removed(text, 'h-2')).toBe(
      `${text.replace('{1..9}', '{1..1}')}  - { range: "h-{3..9}", main: "rtsp://h/{n}" }\n`,
    )
  })

  it('knows lists in brackets', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(id => `{ id: ${id}, main: "rtsp://h/${id}" }`)
    const list = (...items: (string | undefined)[]) => `cameras: [${items.join(', ')}]\nstorage: { path: a }\n`
    expect(await removed(list(a, b, c), 'a')).toBe(list(b, c))
    expect(await removed(list(a, b, c), 'b')).toBe(list(a, c))
    expect(await removed(list(a, b, c), 'c', 'b')).toBe(list(a))
    expect(await removed(list(a, b, c), 'c', 'a')).toBe(list(b))
    expect(await removed(list(a, b, c), 'c', 'a', 'b')).toBe(list())
    const range = (text: string) => `{ range: "${text}", main: "rtsp://r/{n}" }`
    expect(await removed(list(a, range('r{1..3}')), 'r2')).toBe(list(a, range('r{1..1}'), range('r{3..3}')))
  })

  it('names the nearest camera when one is not there, and then removes none', async () => {
    const { file, options } = await siteFile()
    await expect(removeCameras(undefined, ['last', 'hal-003'], options)).rejects.toMatchObject({
      code: 'VMS_E_CAMERA_NOT_FOUND',
      exitCode: 3,
      hint: 'Did you mean hall-003?',
    })
    expect(await readFile(file, 'utf8')).toBe(SITE)
  })

  it('refuses an entry that others lean on', async () => {
    const text = 'storage: { path: a }\ncameras:\n  - &a { id: a, main: "rtsp://h/1" }\n  - { <<: *a, id: b }\n'
    const { file, options } = await siteFile(text)
    await expect(removeCameras(undefined, ['a'], options)).rejects.toMatchObject({ code: 'VMS_E_CONFIG_INVALID' })
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it('undoes an addition to the character, whatever the file', async () => {
    const entries = fc.uniqueArray(
      fc.constantFrom(
        '{ id: a, main: "rtsp://h/1" }',
        '{ range: "b{1..3}", main: "rtsp://b/{n}" } # b',
        '\n    id: c # c\n    main: rtsp://h/3',
        '{ id: d,\n      main: "rtsp://h/4" }',
      ),
      { minLength: 1 },
    )
    const between = fc.constantFrom('', '  # word\n', '\n', '# far left\n')
    await fc.assert(
      fc.asyncProperty(entries, between, between, async (entries, gap, end) => {
        const text = `storage: { path: a }\ncameras:\n${entries.map(entry => `${gap}  - ${entry}\n`).join('')}${end}`
        expect(await removed(await added(text), 'new')).toBe(text)
      }),
      { numRuns: 40 },
    )
  })
})
