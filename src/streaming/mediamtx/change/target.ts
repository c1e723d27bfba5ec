import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaMtxConfig } from '../../../config/index.ts'
import { resolveSecret } from '../../../config/index.ts'
import { statePaths } from '../../../config/state-paths.ts'
import { VmsError } from '../../../kernel/errors.ts'
import { RelayClient } from '../api/client.ts'

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
  const { url, credentials } = attach
  const login = credentials && {
    user: credentials.username,
    password: await resolveSecret(credentials.password, env),
  }
  return new RelayClient({ origin: url, login })
}
