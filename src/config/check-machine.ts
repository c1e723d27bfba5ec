import { plural } from './faults.ts'
import { describeSecret, resolveSecret } from './secret.ts'
import { checkStoragePath, type StorageProblem } from './storage-path.ts'
import type { SecretReference, SiteConfig } from './types.ts'

export interface MachineCheck {
  /** Why nothing could be recorded here. */
  readonly storage: StorageProblem | undefined
  /** Sentences about passwords that this user cannot read here, or that everybody can. */
  readonly warnings: readonly string[]
}

/** What a configuration without faults needs from this machine: the storage path, and the passwords it refers to. */
export async function checkMachine(config: SiteConfig, env: NodeJS.ProcessEnv): Promise<MachineCheck> {
  const warnings: string[] = []
  for (const { reference, users } of secretsOf(config).values()) {
    const whose = users.length > 1 ? `${users[0]} and ${plural(users.length - 1, 'other')}` : users[0]
    try {
      await resolveSecret(reference, env, message => warnings.push(message))
    } catch (error) {
      warnings.push(`${(error as Error).message} (used by ${whose})`)
    }
  }
  return { storage: await checkStoragePath(config.storage.path), warnings }
}

/** Each place of a password once, with those who use it. */
function secretsOf(config: SiteConfig): Map<string, { reference: SecretReference; users: string[] }> {
  const secrets = new Map<string, { reference: SecretReference; users: string[] }>()
  const note = (reference: SecretReference | undefined, user: string) => {
    if (reference === undefined || reference.kind === 'inline') return
    const key = describeSecret(reference)
    const known = secrets.get(key) ?? { reference, users: [] }
    if (known.users.at(-1) !== user) known.users.push(user)
    secrets.set(key, known)
  }
  note(config.gateway.credentials?.password, 'the gateway')
  for (const target of config.alarms.targets)
    if (target.kind === 'webhook') note(target.key, `the webhook ${target.name}`)
  note(config.mediamtx.attach?.credentials?.password, 'the API of MediaMTX')
  for (const { url, credentials } of config.mediamtx.iceServers) note(credentials?.password, url)
  for (const camera of config.cameras)
    for (const stream of [camera.main, camera.sub]) note(stream?.credentials?.password, camera.id)
  return secrets
}
