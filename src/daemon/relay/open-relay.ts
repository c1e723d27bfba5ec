import type { SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { AttachedRelay } from '../../streaming/mediamtx/attached-relay.ts'
import type { Admissions } from '../../streaming/mediamtx/auth/admissions.ts'
import { findRelay, type RelayProgram } from '../../streaming/mediamtx/find-program.ts'
import { Relay, type RelayOptions } from '../../streaming/mediamtx/relay.ts'
import type { RelayServer } from '../../streaming/mediamtx/relay-server.ts'
import { AuthDoor } from './auth-door.ts'

export interface OpenRelayOptions extends Pick<RelayOptions, 'verify' | 'refuses'> {
  /** Directory of its files. */
  readonly dir: string
  readonly admissions: Admissions
  readonly clock: Clock
  readonly random: () => number
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

export interface OpenedRelay {
  readonly relay: RelayServer
  readonly port: number
  /** Ends it, and then what answers it. */
  close(): Promise<void>
}

/**
 * The MediaMTX that a site wants, with our answers to its questions, started. `gateway` is where ours listens. Undefined where none is
 * found. Rejects with a sentence for people.
 */
export async function openRelay(
  site: SiteConfig,
  gateway: string,
  options: OpenRelayOptions,
): Promise<OpenedRelay | undefined> {
  const { attach, program: name, auth } = site.mediamtx
  const program = attach ? undefined : await findRelay(name, options.env)
  if (!attach && !program) return undefined
  let relay: RelayServer | undefined
  const answers = {
    fetch: (request: Request) => relay?.auth.fetch(request) ?? new Response('not yet', { status: 503 }),
  }
  const door = await AuthDoor.open(auth, answers, options.clock)
  try {
    relay = await makeRelay(site, { gateway, auth: door.port }, program, options)
  } catch (error) {
    await door.close()
    throw error
  }
  relay.start()
  const close = async () => {
    await relay.stop()
    await door.close()
  }
  return { relay, port: door.port, close }
}

function makeRelay(
  site: SiteConfig,
  listening: { readonly gateway: string; readonly auth: number },
  program: RelayProgram | undefined,
  options: OpenRelayOptions,
): Promise<RelayServer> {
  const all = { ...options, site, listening }
  return program ? Relay.open({ ...all, program }) : AttachedRelay.open(all)
}
