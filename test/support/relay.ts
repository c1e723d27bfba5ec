import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Ports of loopback that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => once(server.close(), 'close')))
  return ports
}

export interface RealRelay extends AsyncDisposable {
  readonly process: ChildProcess
  /** What it has logged. */
  said(): string
}

/** Starts the real MediaMTX with this configuration. Resolves when it serves (`ready` is in its log); rejects with its words when it ends. */
export async function startRelay(
  dir: string,
  configuration: string,
  ready = /\[API\].*listener|\[API\] started/,
  env: NodeJS.ProcessEnv = {},
): Promise<RealRelay> {
  const file = join(dir, 'mediamtx.yml')
  writeFileSync(file, configuration)
  const child = spawn('mediamtx', [file], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  })
  let log = ''
  const relay: RealRelay = {
    process: child,
    said: () => log,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        log += text
        if (ready.test(log)) resolve()
      })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(log)))
    setTimeout(() => reject(new Error(`not ready: ${log}`)), 20_000).unref()
  }).catch(async error => {
    await relay[Symbol.asyncDispose]()
    throw error
  })
  return relay
}
