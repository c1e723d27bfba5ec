import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaMtxConfig } from '../../../config/index.ts'
import { resolveSecret } from '../../../config/index.ts'
import { statePaths } from '../../../config/state-paths.ts'
import { VmsError } from '../../../kernel/errors.ts'
import { RelayClient } from '../api/client.ts'
import type { ApiLogin } from '../api/request.ts'

/** The file that the daemon started its MediaMTX with; undefined where there is none. */
export function ownRelayFile(stateDir: string): string | undefined {
  const file = join(statePaths(stateDir).relay, 'mediamtx.yml')
  return existsSync(file) ? file : undefined
}

/** A client of the MediaMTX that `attach` names. Throws VMS_E_USAGE where none is named, VMS_E_SECRET_UNAVAILABLE. */
export async function attachedRelay({ attach }: MediaMtxConfig, env: NodeJS.ProcessEnv): Promise<RelayClient> {
  if (attach === undefined)
    throw new VmsError('VMS_E_USAGE', 'vms.yaml names no running MediaMTX', {
      hint: 'mediamtx: { attach: { url: "http://127.0.0.1:9997" } } names one. What the daemon runs itself follows `vmsctl daemon reload`.',
    })
  return new RelayClient({ origin: attach.url, login: await attachLogin(attach, env) })
}

/** Our login there; undefined where none is named. Throws VMS_E_SECRET_UNAVAILABLE. */
export async function attachLogin(
  { credentials }: NonNullable<MediaMtxConfig['attach']>,
  env: NodeJS.ProcessEnv,
): Promise<ApiLogin | undefined> {
  return credentials && { user: credentials.username, password: await resolveSecret(credentials.password, env) }
}
