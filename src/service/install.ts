import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf, VmsError } from '../kernel/errors.ts'
import { type FileStep, placeFile, planFile, seal } from './place-file.ts'
import { renderService, type ServiceFacts } from './templates.ts'

export interface InstallOptions {
  readonly facts: ServiceFacts
  readonly version: string
  /** A service of this user's own, not of the machine. */
  readonly ofUser: boolean
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean
  /** Replace a unit that somebody edited. */
  readonly force: boolean
  /** Install below this directory, for packages; systemd is then left alone. */
  readonly below: string | undefined
  readonly env: NodeJS.ProcessEnv
}

export interface InstallReport {
  readonly files: readonly FileStep[]
  /** Command lines that were run, or with `dryRun` would be. */
  readonly commands: readonly string[]
  /** What will keep the service from working as things are. */
  readonly troubles: readonly string[]
  /** What the user may want to do next. */
  readonly next: readonly string[]
}

/**
 * Writes the unit, and for a service of the machine its user, and tells systemd. Done twice it does nothing. Throws
 * VMS_E_FILE_EXISTS, with the difference, for a unit that somebody edited; VMS_E_FILE_WRITE; VMS_E_SYSTEMD.
 */
export async function installService(options: InstallOptions): Promise<InstallReport> {
  const { facts, ofUser, dryRun, version, below = '' } = options
  const plans = targets(options).map(({ kind, path }) => {
    const text = seal(renderService(kind, facts), version)
    return { text, step: planFile(join(below, path), text) }
  })
  const edited = plans.find(({ step }) => step.action === 'edited')?.step
  if (edited && !options.force) {
    throw new VmsError('VMS_E_FILE_EXISTS', `${edited.path} has been edited, and is left as it is\n${edited.diff}`, {
      hint: `--force replaces it. Changes of your own are better kept in a drop-in: systemctl ${ofUser ? '--user ' : ''}edit vmsctl`,
    })
  }
  const changed = plans.filter(({ step }) => step.action !== 'keep')
  if (!dryRun) for (const { step, text } of changed) placeFile(step.path, text)
  // systemctl fails where systemd is not in charge, in a container for one.
  const inCharge = below === '' && existsSync('/run/systemd/system')
  const commands = inCharge && changed.length > 0 ? reloadCommands(ofUser) : []
  if (!dryRun) for (const command of commands) await runCommand(command)
  return {
    files: plans.map(({ step }) => step),
    commands,
    troubles: ofUser ? [] : troublesOf(facts),
    next: nextSteps(ofUser),
  }
}

function targets({ ofUser, env }: InstallOptions): { kind: 'system' | 'user' | 'sysusers'; path: string }[] {
  if (!ofUser) {
    return [
      { kind: 'sysusers', path: '/etc/sysusers.d/vmsctl.conf' },
      { kind: 'system', path: '/etc/systemd/system/vmsctl.service' },
    ]
  }
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config')
  return [{ kind: 'user', path: join(config, 'systemd/user/vmsctl.service') }]
}

function reloadCommands(ofUser: boolean): string[] {
  return ofUser ? ['systemctl --user daemon-reload'] : ['systemd-sysusers vmsctl.conf', 'systemctl daemon-reload']
}

function nextSteps(ofUser: boolean): string[] {
  return ofUser
    ? ['systemctl --user enable --now vmsctl', 'loginctl enable-linger  # so that it runs while you are not logged in']
    : ['systemctl enable --now vmsctl']
}

/** An installation or a configuration that the service's user cannot reach, for a directory above it is closed to others. */
function troublesOf({ root, config, user }: ServiceFacts): string[] {
  return [root, config].flatMap(path => {
    const closed = closedDirectory(path)
    return closed === undefined ? [] : [`${path} cannot be read by user ${user}: ${closed} is closed to others`]
  })
}

function closedDirectory(path: string): string | undefined {
  for (let dir = dirname(path); dir !== dirname(dir); dir = dirname(dir)) {
    const stat = statSync(dir, { throwIfNoEntry: false })
    if (stat && (stat.mode & 0o001) === 0) return dir
  }
  return undefined
}

async function runCommand(command: string): Promise<void> {
  const { execa } = await import('execa')
  const [file, ...args] = command.split(' ')
  await execa(file!, args, { timeout: 60_000 }).catch(error => {
    throw new VmsError('VMS_E_SYSTEMD', `${command}: ${messageOf(error).split('\n').at(-1)}`, { cause: error })
  })
}
