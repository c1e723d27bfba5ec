import { spawn } from 'node:child_process'
import { VmsError } from '../../kernel/errors.ts'
import { redactText } from '../../kernel/redact.ts'

/** What of our environment a command gets: ours may hold passwords of cameras. */
const PASSED = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']
/** Characters of its standard error that are kept for the log. */
const LAST_WORDS = 300

/**
 * Runs a command with `letter` on its standard input, without a shell. Rejects with VMS_E_ALARM_DELIVERY when it cannot be started,
 * ends with another code than 0, or takes longer than `timeout` milliseconds: then it and all that it started are killed.
 */
export function sendToCommand(
  argv: readonly string[],
  letter: string,
  timeout: number,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = argv
  const passed = Object.fromEntries(PASSED.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])))
  return new Promise((resolve, reject) => {
    const fail = (problem: string) => reject(new VmsError('VMS_E_ALARM_DELIVERY', `command ${program}: ${problem}`))
    // A group of its own, so that what it starts can be ended with it.
    const child = spawn(program, args, { env: passed, stdio: ['pipe', 'ignore', 'pipe'], detached: true })
    let words = ''
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It is gone.
      }
    }
    let over: string | undefined
    const stop = (problem: string) => {
      over ??= problem
      end()
    }
    const timer = setTimeout(() => stop(`no end within ${timeout / 1_000} s`), timeout)
    const abort = () => stop('stopped')
    signal?.addEventListener('abort', abort, { once: true })
    child.stdin.on('error', () => {}) // it may end without reading
    child.stdin.end(`${letter}\n`)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS)
    })
    const settled = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    child.once('error', error => {
      settled()
      fail(error.message)
    })
    // Not `close`: what it left in the background may hold its standard error for ever.
    child.once('exit', (code, killed) => {
      settled()
      child.stderr.destroy()
      if (over !== undefined) return fail(over)
      if (code === 0) return resolve()
      const last = redactText(words.trim().split('\n').at(-1) ?? '')
      fail(`${killed === null ? `exit code ${code}` : `ended by ${killed}`}${last === '' ? '' : `: ${last}`}`)
    })
  })
}
