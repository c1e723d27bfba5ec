import { isAbsolute, join, resolve } from 'node:path'
import { VmsError } from '../kernel/errors.ts'

export interface StateDirectoryOptions {
  /** Value of --state-dir. */
  readonly flag?: string | undefined
  readonly env: NodeJS.ProcessEnv
  /** Effective user id; this process's by default. */
  readonly uid?: number | undefined
  readonly cwd?: string | undefined
}

/**
 * Absolute path of the directory of database, socket and worker records; it is not created here. In order: --state-dir,
 * VMSCTL_STATE_DIR, systemd's STATE_DIRECTORY (systemd.exec(5); the first of a list), /var/lib/vmsctl for root,
 * $XDG_STATE_HOME/vmsctl, ~/.local/state/vmsctl. Throws VMS_E_STATE_DIRECTORY when no home directory is known.
 */
export function stateDirectory(options: StateDirectoryOptions): string {
  const { env } = options
  const named = options.flag || env.VMSCTL_STATE_DIR || env.STATE_DIRECTORY?.split(':')[0]
  if (named) return resolve(options.cwd ?? process.cwd(), named)
  if ((options.uid ?? process.geteuid?.()) === 0) return '/var/lib/vmsctl'
  // The XDG specification has relative paths ignored.
  const xdg = env.XDG_STATE_HOME
  if (xdg && isAbsolute(xdg)) return join(xdg, 'vmsctl')
  const home = env.HOME
  if (home && isAbsolute(home)) return join(home, '.local/state/vmsctl')
  throw new VmsError('VMS_E_STATE_DIRECTORY', 'no state directory: HOME is not set', {
    hint: 'Name one with --state-dir or VMSCTL_STATE_DIR.',
  })
}
