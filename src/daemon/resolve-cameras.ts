import type { CameraConfig, Credentials, SiteConfig, StreamConfig } from '../config/types.ts'
import { messageOf } from '../kernel/errors.ts'
import type { WantedStream } from '../media/worker/protocol.ts'

/** A camera with its passwords, or why they could not be read. Lives in memory only. */
interface ResolvedCamera {
  readonly config: CameraConfig
  readonly main: WantedStream | undefined
  readonly sub: WantedStream | undefined
  /** Why `main` is missing; null when it is not. */
  readonly blocked: string | null
}

export interface ResolvedSite {
  readonly cameras: ReadonlyMap<string, ResolvedCamera>
  readonly gatewayUser: { readonly username: string; readonly password: string } | undefined
  /** Sentences on what could not be resolved, each once. */
  readonly notes: readonly string[]
}

/** Reads one password. Rejects with VMS_E_SECRET_UNAVAILABLE. */
export type SecretResolver = (credentials: Credentials) => Promise<string>

/**
 * Reads the passwords of all cameras. One that cannot be read blocks its own cameras only; on a reload they go on with the
 * password they had (`previous`), for a file that is being replaced must not stop a recording.
 */
export async function resolveSite(
  config: SiteConfig,
  resolve: SecretResolver,
  previous?: ResolvedSite,
): Promise<ResolvedSite> {
  const notes = new Set<string>()
  // One file serves hundreds of cameras: each reference is read once.
  const read = new Map<string, Promise<string>>()
  const password = (credentials: Credentials): Promise<string> => {
    const key = JSON.stringify(credentials.password)
    let pending = read.get(key)
    if (!pending) {
      pending = resolve(credentials)
      read.set(key, pending)
    }
    return pending
  }
  const stream = async ({ url, credentials, verifyTls }: StreamConfig): Promise<WantedStream> => ({
    url,
    username: credentials?.username,
    password: credentials && (await password(credentials)),
    verifyTls,
  })

  const cameras = new Map<string, ResolvedCamera>()
  for (const camera of config.cameras) {
    const before = previous?.cameras.get(camera.id)
    try {
      const main = await stream(camera.main)
      const sub = camera.sub && (await stream(camera.sub))
      cameras.set(camera.id, { config: camera, main, sub, blocked: null })
    } catch (error) {
      const reason = messageOf(error)
      if (before?.main && sameAddress(before.config, camera)) {
        notes.add(`${reason}; cameras go on with the password they had`)
        cameras.set(camera.id, { ...before, config: camera })
      } else {
        notes.add(reason)
        cameras.set(camera.id, { config: camera, main: undefined, sub: undefined, blocked: reason })
      }
    }
  }
  return { cameras, gatewayUser: await gatewayUser(config, password, notes), notes: [...notes] }
}

async function gatewayUser(
  config: SiteConfig,
  password: (credentials: Credentials) => Promise<string>,
  notes: Set<string>,
) {
  const { credentials } = config.gateway
  if (!credentials) return undefined
  try {
    return { username: credentials.username, password: await password(credentials) }
  } catch (error) {
    notes.add(`gateway: ${messageOf(error)}`)
    return undefined
  }
}

function sameAddress(a: CameraConfig, b: CameraConfig): boolean {
  return JSON.stringify([a.main, a.sub]) === JSON.stringify([b.main, b.sub])
}
