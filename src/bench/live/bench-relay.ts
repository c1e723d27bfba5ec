import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { loadSiteConfig } from '../../config/index.ts'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/log.ts'
import { Admissions } from '../../streaming/mediamtx/auth/admissions.ts'
import { findRelay } from '../../streaming/mediamtx/find-program.ts'
import { Relay } from '../../streaming/mediamtx/relay.ts'

const READY_LIMIT = 20_000

/** MediaMTX in front of a gateway, as the daemon runs it. */
export interface BenchRelay {
  /** Opens every camera. */
  readonly token: string
  readonly pid: number
  stop(): Promise<void>
}

/** Starts MediaMTX for the configuration. Its questions are answered here. Throws VMS_E_PROGRAM_MISSING, VMS_E_TIMEOUT. */
export async function startRelay(config: string, directory: string, clock: Clock): Promise<BenchRelay> {
  const { config: site } = await loadSiteConfig(config, { cwd: directory, env: process.env })
  const program = await findRelay(site.mediamtx.program, process.env)
  if (!program) throw new VmsError('VMS_E_PROGRAM_MISSING', 'mediamtx is not on PATH')
  const token = randomBytes(12).toString('hex')
  const grant = { user: 'bench', cameras: ['*'], jti: 'bench', expires: Number.MAX_SAFE_INTEGER }
  const server = createServer().listen(site.mediamtx.auth.port, '127.0.0.1')
  await once(server, 'listening')
  const relay = await Relay.open({
    site,
    program,
    dir: directory,
    listening: { auth: (server.address() as AddressInfo).port },
    admissions: new Admissions(),
    verify: async text => (text === token ? grant : { fault: 'malformed' }),
    clock,
    random: Math.random,
    env: process.env,
    log: silentLogger,
  })
  server.on('request', getRequestListener(relay.auth.fetch))
  relay.start()
  const end = clock.monotonic() + READY_LIMIT
  while (relay.status.state !== 'running' && clock.monotonic() < end) await sleep(clock, 50)
  const { pid, trouble } = relay.status
  const stop = async () => {
    await relay.stop()
    server.close()
    server.closeAllConnections()
  }
  if (pid !== null && relay.status.state === 'running') return { token, pid, stop }
  await stop()
  throw new VmsError('VMS_E_TIMEOUT', `MediaMTX does not run: ${trouble ?? 'it does not answer'}`)
}
