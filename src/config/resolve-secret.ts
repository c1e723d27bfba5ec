import { resolve } from 'node:path'
import { passwordPlaceSchema } from './schema.ts'
import type { Findings } from './sections.ts'
import type { SecretReference } from './types.ts'
import type { Path, Plain } from './yaml-source.ts'

/**
 * Where a secret stands: one of file, env and systemd, or the text itself, which earns a warning. `what` is its name in messages:
 * "password". `directory` is what relative files count from.
 */
export function readSecretPlace(
  findings: Findings,
  directory: string,
  raw: Plain | undefined,
  path: Path,
  what: string,
): SecretReference | undefined {
  if (typeof raw === 'string') {
    findings.warn(
      path,
      `a ${what} in the configuration file`,
      `better: ${what}: { file: PATH }, { env: NAME } or { systemd: NAME }`,
    )
    return { kind: 'inline', value: raw }
  }
  // A list was found to be wrong by the section.
  if (raw === undefined || raw === null || Array.isArray(raw)) return undefined
  const place = findings.section(passwordPlaceSchema, raw, path, `a ${what}`)
  if (Object.keys(raw).length !== 1) {
    findings.fault(path, `a ${what} wants exactly one of file, env, systemd`)
    return undefined
  }
  if (place.file !== undefined) return { kind: 'file', path: resolve(directory, place.file) }
  if (place.env !== undefined) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(place.env)) return { kind: 'env', name: place.env }
    findings.fault(
      [...path, 'env'],
      'env wants the name of an environment variable',
      'letters, digits and "_", such as CAMERA_PASSWORD',
    )
    return undefined
  }
  const name = place.systemd
  if (name === undefined) return undefined
  if (!name.includes('/') && !name.startsWith('.')) return { kind: 'systemd', name }
  findings.fault([...path, 'systemd'], 'systemd wants the name of a credential, not a path')
  return undefined
}
