import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { workerPaths } from '../config/state-paths.ts'
import type { Clock } from '../kernel/clock.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { PROTOCOL_VERSION } from '../media/worker/protocol.ts'
import { readIdentity } from '../process/index.ts'
import { type WorkerRecord, writeWorkerRecord } from './worker-record.ts'

/** How a worker left: known only to the daemon that started it. */
export interface WorkerExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

interface LaunchedWorker {
  readonly record: WorkerRecord
  readonly exited: Promise<WorkerExit>
}

/** Starts media workers that outlive whoever started them. */
export interface WorkerLauncher {
  /** Starts the slot's worker and writes its record. Rejects with VMS_E_WORKER_START when there is no process. */
  launch(slot: number): Promise<LaunchedWorker>
}

export interface LauncherOptions {
  readonly stateDir: string
  readonly version: string
  readonly clock: Clock
  readonly log: Logger
  /** The worker's program; src/media/worker/main by default, in the form (.ts, .js) that we run in ourselves. */
  readonly program?: string | undefined
}

/** Variables that a worker needs; nothing else of our environment goes on, for that may hold secrets. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'TZ',
  'LANG',
  'TMPDIR',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NODE_COMPILE_CACHE',
  'NODE_V8_COVERAGE',
]

/**
 * V8's usual 16 MB of room for new objects are three times that in memory; with 2 MB 200 cameras take no more CPU than with 4, and
 * 1,000 small ones 6 % more. Threads that help to collect the garbage of so small a heap cost more than they save.
 */
const ENGINE_FLAGS = ['--max-semi-space-size=2', '--single-threaded-gc']

/** The environment of a worker. */
export function workerEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const name of PASSED_ON) if (environment[name] !== undefined) passed[name] = environment[name]
  // Writes and syncs of all cameras share libuv's threads; with the usual 4 one slow disk call holds up the others.
  passed.UV_THREADPOOL_SIZE = '16'
  // glibc would learn to keep what a disk in trouble made us hold (mallopt(3), M_MMAP_THRESHOLD): slabs go back to the system.
  passed.MALLOC_MMAP_THRESHOLD_ = '131072'
  return passed
}

/** The path of a program of ours, beside this file in the tree, as TypeScript or compiled as this file is. */
function ownProgram(relative: string): string {
  const here = fileURLToPath(import.meta.url)
  return join(here, '..', `${relative}${extname(here)}`)
}

/**
 * Starts workers detached: own session, standard input from /dev/null, output appended to the slot's log. No pipe leads back
 * to us, so nothing happens to them when we die. Their command line names slot and state directory, no secret.
 */
export function detachedLauncher(options: LauncherOptions): WorkerLauncher {
  const program = options.program ?? ownProgram('../media/worker/main')
  return {
    launch: async slot => {
      const paths = workerPaths(options.stateDir, slot)
      mkdirSync(join(options.stateDir, 'workers'), { recursive: true, mode: 0o750 })
      const log = openSync(paths.log, 'a', 0o640)
      try {
        const child = spawn(
          process.execPath,
          [...ENGINE_FLAGS, program, '--slot', String(slot), '--state-dir', options.stateDir],
          {
            cwd: '/',
            detached: true,
            stdio: ['ignore', log, log],
            env: workerEnvironment(process.env),
          },
        )
        const exited = new Promise<WorkerExit>(resolve => {
          child.once('exit', (code, signal) => resolve({ code, signal }))
        })
        await new Promise<void>((resolve, reject) => {
          child.once('spawn', resolve)
          child.once('error', reject)
        })
        child.unref()
        const identity = readIdentity(child.pid ?? 0)
        if (!identity) throw new Error(`it ended at once; see ${paths.log}`)
        const startedAt = options.clock.wall()
        const record = { ...identity, slot, version: options.version, protocol: PROTOCOL_VERSION, startedAt }
        try {
          writeWorkerRecord(options.stateDir, record)
        } catch (cause) {
          // The worker runs all the same; the next daemon finds it by its command line.
          options.log.error({ worker: slot, error: messageOf(cause) }, 'worker record not written')
        }
        return { record, exited }
      } catch (error) {
        throw new VmsError('VMS_E_WORKER_START', `media worker ${slot} did not start: ${messageOf(error)}`, {
          cause: error,
        })
      } finally {
        closeSync(log)
      }
    },
  }
}
