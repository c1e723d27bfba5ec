import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-mediamtx-'))
afterAll(() => rmSync(directory, { recursive: true }))
const config = join(directory, 'vms.yaml')
writeFileSync(
  config,
  [
    'storage: { path: ./archive }',
    'mediamtx: { program: ./nowhere, rtmp: 0 }',
    'cameras:',
    '  - { id: gate-1, main: "rtsp://127.0.0.1:9/a", sub: "rtsp://127.0.0.1:9/b" }',
  ].join('\n'),
)
const run = (...args: string[]) => runCommand(['mediamtx', ...args])
const file = (name: string, text: string) => {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

describe('mediamtx generate', () => {
  it('prints the configuration, and says which version it took where none is found', async () => {
    const { code, out, err } = await run('generate', '-c', config)
    expect(code).toBe(0)
    expect(out).toContain('live/gate-1:\n    source: rtsp://127.0.0.1:8654/gate-1/sub?for=mediamtx\n')
    expect(err).toBe(
      `note: ${directory}/nowhere is not found here: taken for MediaMTX 1.20.1; --for names another version\n`,
    )
  })

  it('writes a file that only its owner reads, and the same one again', async () => {
    const output = join(directory, 'out.yml')
    writeFileSync(output, 'old')
    expect(await run('generate', '-c', config, '--for', '1.17', '-o', output)).toEqual({
      code: 0,
      out: `${output} is for MediaMTX 1.17.1: 2 paths.\n`,
      err: '',
    })
    expect(statSync(output).mode & 0o777).toBe(0o600)
    const text = readFileSync(output, 'utf8')
    expect(text).not.toContain('moq')
    await run('generate', '-c', config, '--for', '1.17', '-o', output)
    expect(readFileSync(output, 'utf8')).toBe(text)
    expect(await run('check', output, '--for', '1.17')).toMatchObject({ code: 0, err: '' })
  })

  it('says what is wrong with --for and with the place of the file', async () => {
    expect(await run('generate', '-c', config, '--for', 'new')).toMatchObject({ code: 2, out: '' })
    const nowhere = await run('generate', '-c', config, '--for', '1.18', '-o', join(directory, 'no/such/x.yml'))
    expect([nowhere.code, nowhere.err]).toEqual([5, expect.stringContaining('cannot be written')])
  })
})

describe('mediamtx check', () => {
  it('tells every fault, and exits with 8', async () => {
    const path = file('bad.yml', 'rtspPort: 1\nlogLevel: loud\nprotocols: [tcp]\n')
    const { code, out, err } = await run('check', path, '--for', '1.20')
    expect(code).toBe(8)
    expect(out).toBe(`MediaMTX 1.20.1 refuses ${path}: 2 faults. \`vmsctl mediamtx migrate\` mends what is old.\n`)
    expect(err.split('\n')).toEqual([
      `warning: ${path}:3:12: "protocols" still works and was replaced in 1.11.0 -> rtspTransports replaces it`,
      `${path}:1:1: "rtspPort" went after 0.15.5 -> rtspAddress replaces it`,
      `${path}:2:11: logLevel: "loud" is not one of error, warn, info, debug`,
      '',
    ])
    const json = await run('check', path, '--for', '1.20', '--json')
    expect([json.code, JSON.parse(json.out)]).toMatchObject([
      8,
      { version: '1.20.1', accepted: false, faults: [{ line: 1, column: 1 }, { line: 2 }], warnings: [{ line: 3 }] },
    ])
  })

  it('is quiet about a good file, and says when there is none', async () => {
    expect(await run('check', file('good.yml', 'paths: { a: }\n'), '--for', '1.15', '--quiet')).toEqual({
      code: 0,
      out: '',
      err: '',
    })
    const none = await run('check', join(directory, 'none.yml'), '--for', '1.15')
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('there is no file')])
    const future = await run('check', file('good.yml', ''), '--for', '3.1')
    expect([future.code, future.err]).toEqual([0, expect.stringContaining('newer than 1.20.1')])
  })
})

describe('mediamtx migrate', () => {
  it('prints the mended file, and each change in a sentence', async () => {
    const path = file('old.yml', '# relay\nrtmpDisable: yes\npaths:\n  a: { fallback: /b }\n')
    expect(await run('migrate', path, '--for', '1.20')).toEqual({
      code: 0,
      out: '# relay\nrtmp: false\npaths:\n  a: {} # fallback: /b\n',
      err: [
        `${path}:2: rtmpDisable is now rtmp, which says the opposite.`,
        `${path}:4: look at this: fallback of the path a is replaced by alwaysAvailable, which wants another value: it is kept as a comment.`,
        '',
      ].join('\n'),
    })
  })

  it('writes it over the old one, and then has nothing to do', async () => {
    const path = file('old.yml', 'rtmpDisable: yes\n')
    expect((await run('migrate', path, '--for', '1.20', '-o', path)).out).toBe(
      `${path} for MediaMTX 1.20.1: 1 change, 0 to look at.\n`,
    )
    expect(readFileSync(path, 'utf8')).toBe('rtmp: false\n')
    expect(await run('migrate', path, '--for', '1.20', '--notes-only')).toEqual({
      code: 0,
      out: `${path} for MediaMTX 1.20.1: nothing to change.\n`,
      err: '',
    })
  })

  it('says what is still refused, and exits with 8', async () => {
    const path = file('typo.yml', 'logLvel: info\n')
    const { code, err } = await run('migrate', path, '--for', '1.20')
    expect([code, err]).toEqual([8, expect.stringContaining('still refused: ')])
  })
})
