import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeSecret, resolveSecret, type SecretReference } from '../../src/config/index.ts'
import { temporaryDirectory } from './support.ts'

async function secretFile(content: string | Uint8Array, mode = 0o600): Promise<SecretReference & { kind: 'file' }> {
  const path = join(await temporaryDirectory(), 'password')
  await writeFile(path, content)
  await chmod(path, mode)
  return { kind: 'file', path }
}

const reject = (reference: SecretReference, env: NodeJS.ProcessEnv = {}) =>
  resolveSecret(reference, env).then(
    () => undefined,
    error => error,
  )

describe('resolving a password', () => {
  it('reads a file, without its last line break only', async () => {
    expect(await resolveSecret(await secretFile(' p w \n'), {})).toBe(' p w ')
    expect(await resolveSecret(await secretFile('p\r\n'), {})).toBe('p')
    expect(await resolveSecret(await secretFile('pässword'), {})).toBe('pässword')
  })

  it('reads the environment and a systemd credential', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'hik'), 'fromsystemd\n')
    expect(await resolveSecret({ kind: 'env', name: 'P' }, { P: 'fromenv' })).toBe('fromenv')
    expect(await resolveSecret({ kind: 'systemd', name: 'hik' }, { CREDENTIALS_DIRECTORY: directory })).toBe(
      'fromsystemd',
    )
    expect(await resolveSecret({ kind: 'inline', value: 'x' }, {})).toBe('x')
  })

  it('says which place has none, and never what is there', async () => {
    const large = await secretFile('hunter2'.repeat(1_000))
    const lines = await secretFile('hunter2\nhunter3\n')
    const empty = await secretFile('\n')
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'd'))
    const said = [
      [await reject(large), `password: file ${large.path} is larger than 4096 bytes`],
      [await reject(lines), `password: file ${lines.path} holds more than one line`],
      [await reject(empty), `password: file ${empty.path} is empty`],
      [
        await reject({ kind: 'file', path: join(directory, 'none') }),
        `password: file ${directory}/none does not exist`,
      ],
      [await reject({ kind: 'file', path: join(directory, 'd') }), `password: file ${directory}/d is a directory`],
      [await reject({ kind: 'env', name: 'P' }), 'password: environment variable P is not set'],
      [await reject({ kind: 'env', name: 'P' }, { P: '' }), 'password: environment variable P is empty'],
      [
        await reject({ kind: 'systemd', name: 'hik' }),
        'password: systemd credential hik cannot be found: CREDENTIALS_DIRECTORY is not set',
      ],
      [
        await reject({ kind: 'systemd', name: 'hik' }, { CREDENTIALS_DIRECTORY: directory }),
        'password: systemd credential hik does not exist',
      ],
    ] as const
    for (const [error, message] of said) {
      expect(error).toMatchObject({ code: 'VMS_E_SECRET_UNAVAILABLE', exitCode: 5, message })
      expect(JSON.stringify(error)).not.toContain('hunter')
    }
  })

  it('warns of a file that everybody can read', async () => {
    const warnings: string[] = []
    const open = await secretFile('p', 0o644)
    await resolveSecret(open, {}, message => warnings.push(message))
    await resolveSecret(await secretFile('p', 0o640), {}, message => warnings.push(message))
    expect(warnings).toEqual([
      `password file ${open.path} can be read by every user of this machine; chmod 600 ${open.path}`,
    ])
  })

  it('is described by its place', () => {
    expect(describeSecret({ kind: 'inline', value: 'hunter2' })).toBe('written in the configuration')
    expect(describeSecret({ kind: 'env', name: 'P' })).toBe('environment variable P')
  })
})
