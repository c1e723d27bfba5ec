import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../kernel/clock.ts'
import { messageOf } from '../../../kernel/errors.ts'
import type { Logger } from '../../../kernel/log.ts'
import { isRunning, type ProcessIdentity, readIdentity } from '../../../process/index.ts'
import type { RelayExit } from './explain-exit.ts'
import { readLogLine } from './log-line.ts'
import { LogTail } from './log-tail.ts'

/** A MediaMTX that runs, started by this daemon or by one before it. */
export interface RelayChild {
  readonly identity: ProcessIdentity
  /** Resolves when it has ended and all that it said is read. Never rejects. */
  readonly ended: Promise<RelayExit>
}

export interface ChildContext {
  /** Directory that it runs in, and its log with it. */
  readonly dir: string
  readonly clock: Clock
  readonly log: Logger
}

/** What the child gets of our environment: a MTX_ variable of ours would change its configuration. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR']
/** Milliseconds between two looks at one that is not our child. */
const LOOK = 500

/**
 * Starts MediaMTX, detached and with a log file of its own: viewers go on when we are killed. `secrets` are variables that hold what its
 * file must not. Gives the reason where it cannot be started.
 */
export async function startRelayChild(
  program: string,
  file: string,
  secrets: Readonly<Record<string, string>>,
  context: ChildContext,
): Promise<RelayChild | { readonly problem: string }> {
  const env = Object.fromEntries(
    INHERITED.flatMap(key => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
  )
  const path = logFile(context.dir)
  const output = openSync(path, 'a', 0o600)
  const said = new Words(path, context)
  try {
    const child = spawn(program, [file], {
      cwd: context.dir,
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...env, ...secrets },
    })
    child.unref()
    const exited = new Promise<Omit<RelayExit, 'lastError'>>(resolve => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    const failed = new Promise<string>(resolve => child.once('error', error => resolve(messageOf(error))))
    if (child.pid === undefined) {
      said.end()
      return { problem: await failed }
    }
    // One that has ended already has left its words.
    const identity = readIdentity(child.pid) ?? { pid: child.pid, startTime: '0', bootId: '' }
    return { identity, ended: exited.then(exit => ({ ...exit, lastError: said.end() })) }
  } finally {
    closeSync(output)
  }
}

/** Watches one that an earlier daemon started. How it ends nobody tells but its own words. */
export function watchRelayProcess(identity: ProcessIdentity, context: ChildContext): RelayChild {
  const said = new Words(logFile(context.dir), context)
  const gone = new Promise<void>(resolve => {
    const timer = context.clock.every(LOOK, () => {
      if (isRunning(identity)) return
      timer.cancel()
      resolve()
    })
    timer.unref()
  })
  return { identity, ended: gone.then(() => ({ code: null, signal: null, lastError: said.end() })) }
}

function logFile(dir: string): string {
  return join(dir, 'mediamtx.log')
}

/** Its lines, which go to our log, and the last error among them. */
class Words {
  readonly #tail: LogTail
  readonly #log: Logger
  #lastError: string | undefined

  constructor(path: string, { clock, log }: ChildContext) {
    this.#log = log
    this.#tail = new LogTail(path, clock, text => this.#hear(text))
  }

  /** It says no more: what was its last error. */
  end(): string | undefined {
    this.#tail.end()
    return this.#lastError
  }

  #hear(text: string): void {
    const line = readLogLine(text)
    if (line === undefined) return
    // A configuration that it refuses is told without a level.
    if (line.level === 'error' || /^(?:json|yaml|\[\d+:\d+\]|unable)/.test(line.message)) this.#lastError = line.message
    this.#log[line.level]({ relay: 'mediamtx' }, line.message)
  }
}
