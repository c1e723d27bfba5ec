import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode, unreachable, VmsError } from '../kernel/errors.ts'
import type { SecretReference } from './types.ts'

/** A password or token is shorter; a longer file is some other file. */
const LARGEST_SECRET = 4_096

/**
 * The password that `reference` stands for. Throws VMS_E_SECRET_UNAVAILABLE with the place, never with the content.
 * `warn` is called with a sentence when others can read the file.
 */
export async function resolveSecret(
  reference: SecretReference,
  env: NodeJS.ProcessEnv,
  warn: (message: string) => void = () => {},
): Promise<string> {
  switch (reference.kind) {
    case 'inline':
      return reference.value
    case 'env': {
      const value = env[reference.name]
      if (value) return value
      throw unavailable(reference, value === undefined ? 'is not set' : 'is empty')
    }
    case 'file':
      return readSecret(reference.path, reference, warn)
    case 'systemd': {
      const directory = env.CREDENTIALS_DIRECTORY
      if (directory) return readSecret(join(directory, reference.name), reference, warn)
      throw unavailable(reference, 'cannot be found: CREDENTIALS_DIRECTORY is not set', {
        hint: 'It is set inside a systemd service with LoadCredential= or SetCredential=.',
      })
    }
    default:
      return unreachable(reference)
  }
}

/** Where a password stands, for people: `file /run/credentials/hik`. Shows no password. */
export function describeSecret(reference: SecretReference): string {
  switch (reference.kind) {
    case 'inline':
      return 'written in the configuration'
    case 'env':
      return `environment variable ${reference.name}`
    case 'file':
      return `file ${reference.path}`
    case 'systemd':
      return `systemd credential ${reference.name}`
    default:
      return unreachable(reference)
  }
}

async function readSecret(path: string, reference: SecretReference, warn: (message: string) => void): Promise<string> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw unavailable(reference, REASONS[systemCode(error) ?? ''] ?? `cannot be opened (${systemCode(error)})`)
  }
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) throw unavailable(reference, 'is a directory')
    // systemd gives its services credentials as 0440 or 0400 in a directory that only they may enter.
    if (reference.kind === 'file' && stat.isFile() && (stat.mode & 0o007) !== 0)
      warn(`password file ${path} can be read by every user of this machine; chmod 600 ${path}`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LARGEST_SECRET + 1), 0, LARGEST_SECRET + 1)
    if (bytesRead > LARGEST_SECRET) throw unavailable(reference, `is larger than ${LARGEST_SECRET} bytes`)
    const text = buffer.toString('utf8', 0, bytesRead).replace(/\r?\n$/, '')
    if (text === '') throw unavailable(reference, 'is empty')
    if (/[\r\n]/.test(text)) throw unavailable(reference, 'holds more than one line')
    return text
  } catch (error) {
    if (error instanceof VmsError) throw error
    throw unavailable(reference, `cannot be read (${systemCode(error)})`)
  } finally {
    await file.close()
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a directory',
  ENOTDIR: 'does not exist',
}

function unavailable(reference: SecretReference, problem: string, options: { hint?: string } = {}): VmsError {
  return new VmsError('VMS_E_SECRET_UNAVAILABLE', `password: ${describeSecret(reference)} ${problem}`, {
    ...options,
    details: reference.kind === 'inline' ? { kind: 'inline' } : { ...reference },
  })
}
