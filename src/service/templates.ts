import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VmsError } from '../kernel/errors.ts'
import { crontabWord, systemdWord } from './quote.ts'

export interface ServiceFacts {
  /** Directory of the installation: that of package.json. */
  readonly root: string
  /** Absolute paths, of the command and of the configuration. */
  readonly vmsctl: string
  readonly config: string
  /** Where recordings go; undefined when the configuration cannot be read. */
  readonly storage: string | undefined
  /** Names of the systemd credentials that the configuration refers to. */
  readonly credentials: readonly string[]
  /** Who runs it. */
  readonly user: string
}

export type ServiceFile = 'system' | 'user' | 'crontab' | 'sysusers'

const TEMPLATES: Readonly<Record<ServiceFile, string>> = {
  system: 'systemd/vmsctl.service',
  user: 'systemd/vmsctl-user.service',
  sysusers: 'systemd/sysusers.conf',
  crontab: 'crontab',
}

/** The text of a unit, or of another file of ours, for this machine. Throws VMS_E_USAGE for paths with line breaks. */
export function renderService(file: ServiceFile, facts: ServiceFacts): string {
  const word = file === 'crontab' ? crontabWord : systemdWord
  const values: Readonly<Record<string, string>> = {
    vmsctl: word(facts.vmsctl),
    config: word(facts.config),
    user: facts.user,
    stateDir: '/var/lib/vmsctl',
    documentation: join(facts.root, 'README.md').replaceAll('%', '%%').replaceAll(' ', '%%20'),
    credentials: renderCredentials(facts.credentials),
    protectHome: protectHome(facts),
  }
  for (const path of [facts.vmsctl, facts.config]) {
    if (/[\r\n\0]/.test(path)) throw new VmsError('VMS_E_USAGE', 'a path with a line break cannot stand in a unit')
  }
  const template = readFileSync(join(facts.root, 'templates', TEMPLATES[file]), 'utf8')
  return template.replaceAll(/\{\{(\w+)\}\}/g, (mark, name: string) => values[name] ?? mark)
}

function renderCredentials(names: readonly string[]): string {
  const line = (name: string) => `LoadCredential=${name}:/etc/vmsctl/credentials/${name}`
  return names.length === 0 ? `# ${line('NAME')}` : names.map(line).join('\n')
}

/** Home directories are hidden from the service unless it has to read, or to record, below them. */
function protectHome({ root, config, storage }: ServiceFacts): string {
  const inHome = (path: string) => /^\/(home|root|run\/user)\//.test(path)
  if (storage !== undefined && inHome(storage)) return 'no'
  return [root, config].some(inHome) ? 'read-only' : 'yes'
}
