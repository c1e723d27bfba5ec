import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, errorCodeInfo } from '../../kernel/error-codes.ts'
import { VmsError } from '../../kernel/errors.ts'
import { VirtualCamerasClient } from './control-client.ts'
import type { VirtualCamerasInfo } from './control-protocol.ts'
import { eachLine } from './json-lines.ts'
import type { VirtualCamerasOptions } from './options.ts'

const MAIN = fileURLToPath(new URL(`./main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
/** Milliseconds until a process that does not end by itself is killed. */
const STOP_LIMIT = 3_000

/** Virtual cameras in a process of their own. */
export interface VirtualCamerasProcess extends VirtualCamerasInfo {
  readonly client: VirtualCamerasClient
  /** Ends it and waits for that. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts virtual cameras in a process of their own, which ends with this one. Resolves when they listen. Throws what the
 * options deserve (VMS_E_USAGE), or VMS_E_REMOTE when the process dies.
 */
export async function spawnVirtualCameras(options: Partial<VirtualCamerasOptions>): Promise<VirtualCamerasProcess> {
  const child = spawn(process.execPath, [MAIN], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.stdin.on('error', () => {})
  // JSON has no undefined: "no sub-stream" would become the default one.
  const plain = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, value ?? null]))
  child.stdin.write(`${JSON.stringify(plain)}\n`)
  const info = await new Promise<VirtualCamerasInfo>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new VmsError('VMS_E_REMOTE', `the virtual cameras ended with code ${code}`)))
    eachLine(child.stdout, 64 * 1024 * 1024, line => {
      const first = JSON.parse(line) as { ready?: VirtualCamerasInfo; error?: { code: string; message: string } }
      if (first.ready) resolve(first.ready)
      else if (first.error) reject(rebuild(first.error))
    })
  })
  child.stdout.removeAllListeners('data')
  const client = new VirtualCamerasClient(child.stdout, child.stdin)
  return {
    ...info,
    client,
    stop: async () => {
      child.stdin.end()
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT)
      await exited
      clearTimeout(killer)
    },
  }
}

function rebuild({ code, message }: { code: string; message: string }): VmsError {
  return new VmsError(errorCodeInfo(code as ErrorCode) === undefined ? 'VMS_E_BUG' : (code as ErrorCode), message)
}
