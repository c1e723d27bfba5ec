import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findConfig, loadSiteConfig } from '../config/index.ts'
import { makeStateDirectory } from '../config/make-state-directory.ts'
import { statePaths } from '../config/state-paths.ts'
import { type Clock, sleep, systemClock } from '../kernel/clock.ts'
import type { ErrorCode } from '../kernel/error-codes.ts'
import { ERROR_CODES } from '../kernel/error-codes.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import { DaemonClient } from './client.ts'
import { parseLogText } from './log-line.ts'
import type { HealthReport } from './types.ts'

export interface StartOptions {
  /** Value of --config; undefined looks in the usual places. */
  readonly config: string | undefined
  /** Absolute. */
  readonly stateDir: string
  readonly clock?: Clock
  /** The worker's program, for tests with one of their own. */
  readonly workerProgram?: string | undefined
}

/** A daemon that does not answer within this time has not started, milliseconds. */
const ANSWER_LIMIT = 20_000
/** Having answered, its workers may take so long until they have their cameras. */
const READY_LIMIT = 10_000
const PAUSE = 40
/**
 * The daemon works little: room for garbage, and threads that collect it beside our own, would only be memory that cameras could
 * have. With 200 cameras 28 MB of its own instead of 52. (V8's --lite-mode would save some more, but it is without WebAssembly,
 * and 10 000 cameras would take twice as long to load.) bin/vmsctl does the same for `daemon run`.
 */
const ENGINE_FLAGS = ['--optimize-for-size', '--single-threaded']

/**
 * Starts a daemon that outlives us, and waits until it answers and its workers have their cameras. Rejects with
 * VMS_E_DAEMON_RUNNING, with the configuration's faults, or with the daemon's own last words.
 */
export async function startDaemon(options: StartOptions): Promise<HealthReport> {
  const clock = options.clock ?? systemClock
  const paths = statePaths(options.stateDir)
  const client = new DaemonClient(options.stateDir)
  const running = await client.health().catch(() => undefined)
  if (running) throw new VmsError('VMS_E_DAEMON_RUNNING', `a daemon already runs here (pid ${running.pid})`)
  const lookup = { env: process.env, cwd: process.cwd() }
  const config = findConfig(options.config, lookup)
  // Faults are told to whoever typed the command, not to a log.
  await loadSiteConfig(config, lookup)

  makeStateDirectory(paths.dir)
  const log = openLog(paths.daemonLog)
  const logStart = fstatSync(log).size
  const here = fileURLToPath(import.meta.url)
  const program = join(here, '..', `main${extname(here)}`)
  const worker = options.workerProgram === undefined ? [] : ['--worker-program', options.workerProgram]
  const child = spawn(
    process.execPath,
    [...ENGINE_FLAGS, program, '--config', config, '--state-dir', paths.dir, ...worker],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: withoutSystemd(process.env),
    },
  )
  closeSync(log)
  child.unref()
  const health = await firstAnswer(child, client, clock, () =>
    readFileSync(paths.daemonLog).subarray(logStart).toString('utf8'),
  )
  return whenReady(client, clock, health)
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o640)
  } catch (cause) {
    throw new VmsError('VMS_E_STATE_DIRECTORY', `${path} cannot be written: ${messageOf(cause)}`, {
      hint: 'Name a directory that you may write to with --state-dir or VMSCTL_STATE_DIR.',
      cause,
    })
  }
}

/** The daemon is not the service that we may be part of. */
function withoutSystemd(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NOTIFY_SOCKET: _, WATCHDOG_USEC: __, WATCHDOG_PID: ___, ...rest } = environment
  return rest
}

async function firstAnswer(
  child: ChildProcess,
  client: DaemonClient,
  clock: Clock,
  output: () => string,
): Promise<HealthReport> {
  let gone: string | undefined
  child.once('error', error => {
    gone = messageOf(error)
  })
  child.once('exit', (code, signal) => {
    gone = `it ended with ${signal ?? `exit code ${code}`}`
  })
  const end = clock.monotonic() + ANSWER_LIMIT
  while (gone === undefined && clock.monotonic() < end) {
    const health = await client.health().catch(() => undefined)
    if (health?.pid === child.pid) return health!
    await sleep(clock, PAUSE)
  }
  throw startFailure(gone ?? `it did not answer within ${ANSWER_LIMIT / 1000} s`, output())
}

/** The daemon's last words as an error: with its own code if it gave one, else with the end of its log. */
function startFailure(what: string, output: string): VmsError {
  const lines = parseLogText(output, 'daemon')
  const said = lines.findLast(
    line => typeof line.fields.code === 'string' && Object.hasOwn(ERROR_CODES, line.fields.code),
  )
  if (said) {
    const { code, hint } = said.fields as { code: ErrorCode; hint?: string }
    return new VmsError(code, said.message, hint === undefined ? {} : { hint })
  }
  const tail = lines.slice(-10).map(line => `  ${line.message}`)
  return new VmsError('VMS_E_DAEMON_START', [`the daemon did not start: ${what}`, ...tail].join('\n'), {
    hint: '`vmsctl logs` shows more.',
  })
}

async function whenReady(client: DaemonClient, clock: Clock, first: HealthReport): Promise<HealthReport> {
  let health = first
  for (const end = clock.monotonic() + READY_LIMIT; !health.ready && clock.monotonic() < end; ) {
    await sleep(clock, PAUSE)
    health = await client.health()
  }
  return health
}
