import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { VmsError } from '../kernel/errors.ts'
import { redactText } from '../kernel/redact.ts'

/** Where a configuration is looked for after --config and VMS_CONFIG. */
const PLACES = ['vms.yaml', '/etc/vmsctl/vms.yaml']

export interface FindOptions {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
}

/**
 * Absolute path of the configuration: `flag` (--config), VMS_CONFIG, ./vms.yaml, /etc/vmsctl/vms.yaml. One that was
 * named must exist. Throws VMS_E_CONFIG_NOT_FOUND with the places that were looked at.
 */
export function findConfig(flag: string | undefined, options: FindOptions): string {
  const named = flag || options.env.VMS_CONFIG
  if (named) {
    const path = resolve(options.cwd, named)
    if (existsSync(path)) return path
    // A URL loses its form in a path, and could not be told to hold a password.
    const shown = named.includes('://') ? redactText(named) : path
    throw new VmsError(
      'VMS_E_CONFIG_NOT_FOUND',
      `there is no file ${shown} (named by ${flag ? '--config or VMS_CONFIG' : 'VMS_CONFIG'})`,
    )
  }
  const paths = PLACES.map(place => resolve(options.cwd, place))
  const found = paths.find(path => existsSync(path))
  if (found !== undefined) return found
  throw new VmsError('VMS_E_CONFIG_NOT_FOUND', `no configuration: neither ${paths.join(' nor ')} exists`)
}
