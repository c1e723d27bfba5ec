import { resolve } from 'node:path'
import { type Credentials, findConfig, loadSiteConfig, type SiteConfig } from '../config/index.ts'
import { VmsError } from '../kernel/errors.ts'

/** What of the site's configuration matters to its unit. */
export interface SiteFacts {
  readonly config: string
  readonly storage: string | undefined
  readonly credentials: readonly string[]
}

/** From the configuration, if there is one; a unit can be made before it. Throws its faults. */
export async function siteFacts(
  flag: string | undefined,
  lookup: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<SiteFacts> {
  try {
    findConfig(flag, lookup)
  } catch (error) {
    if (!(error instanceof VmsError && error.code === 'VMS_E_CONFIG_NOT_FOUND')) throw error
    const named = flag || lookup.env.VMS_CONFIG
    const config = named ? resolve(lookup.cwd, named) : '/etc/vmsctl/vms.yaml'
    return { config, storage: undefined, credentials: [] }
  }
  const { config } = await loadSiteConfig(flag, lookup)
  return { config: config.file, storage: config.storage.path, credentials: systemdCredentials(config) }
}

function systemdCredentials(config: SiteConfig): string[] {
  const used: (Credentials | undefined)[] = [config.gateway.credentials]
  for (const { main, sub } of config.cameras) used.push(main.credentials, sub?.credentials)
  const keys = config.alarms.targets.map(target => (target.kind === 'webhook' ? target.key : undefined))
  const names = [...used.map(one => one?.password), ...keys].flatMap(one => (one?.kind === 'systemd' ? [one.name] : []))
  return [...new Set(names)].sort()
}
