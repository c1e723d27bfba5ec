import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Logger } from '../../../kernel/log.ts'
import type { RelayExit } from './explain-exit.ts'
import { readLogLine } from './log-line.ts'

export interface RelayChild {
  readonly pid: number
  /** Resolves when it has ended and all that it said is read. Never rejects. */
  readonly ended: Promise<RelayExit>
}

/** What the child gets of our environment: a MTX_ variable of ours would change its configuration. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR']

/** Starts MediaMTX; its lines go to `log`. `secrets` are variables that hold what its file must not. Undefined when it cannot be started. */
export function startRelayChild(
  program: string,
  file: string,
  dir: string,
  secrets: Readonly<Record<string, string>>,
  log: Logger,
): RelayChild | undefined {
  const env = Object.fromEntries(
    INHERITED.flatMap(key => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
  )
  const child = spawn(program, [file], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, ...secrets } })
  const ended = follow(child, log)
  return child.pid === undefined ? undefined : { pid: child.pid, ended }
}

function follow(child: ChildProcess, log: Logger): Promise<RelayExit> {
  let lastError: string | undefined
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', text => {
      const line = readLogLine(text.slice(0, 4_096))
      if (line === undefined) return
      // A configuration that it refuses is told without a level.
      if (line.level === 'error' || /^(?:json|yaml|\[\d+:\d+\]|unable)/.test(line.message)) lastError = line.message
      log[line.level]({ relay: 'mediamtx' }, line.message)
    })
  }
  return new Promise(resolve => {
    child.once('error', error => resolve({ code: null, signal: null, lastError: error.message }))
    child.once('close', (code, signal) => resolve({ code, signal, lastError }))
  })
}
