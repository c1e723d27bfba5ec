import { VmsError } from '../kernel/errors.ts'

export interface LongWorkContext {
  /** Shows what happens now. */
  readonly progress: (text: string) => void
  /** Aborts at SIGINT or SIGTERM; the work cleans up and rejects. */
  readonly signal: AbortSignal
}

/** Milliseconds in which a second signal is the same Ctrl-C: npm passes on what the terminal has sent to all of us. */
const SAME_INTERRUPT = 500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work with a signal that aborts at SIGINT, SIGTERM and SIGHUP (the terminal was closed); the work cleans up and
 * rejects. Who asks again ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  let first = 0
  const interrupt = () => {
    if (!abort.signal.aborted) {
      first = performance.now()
      abort.abort(new VmsError('VMS_E_INTERRUPTED', 'interrupted'))
    } else if (performance.now() - first > SAME_INTERRUPT) process.exit(130)
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  try {
    return await work(abort.signal)
  } finally {
    // Behind an interrupt the process ends: a second signal that comes only now must not kill it before it has said so.
    if (!abort.signal.aborted) for (const signal of SIGNALS) process.off(signal, interrupt)
  }
}

/**
 * Runs work of minutes with its progress on stderr: a moving line on a terminal, one line for each step elsewhere, nothing
 * with `quiet`. It can be interrupted, see {@link interruptible}.
 */
export function longWork<T>(title: string, quiet: boolean, work: (context: LongWorkContext) => Promise<T>): Promise<T> {
  return interruptible(async signal => {
    if (quiet) return work({ progress: () => {}, signal })
    // Of a serial line the width may be unknown (0): nothing can be drawn there.
    const { isTTY, columns } = process.stderr
    if (isTTY !== true || !(columns > 0)) return plainly(signal, work)
    return withListr(title, signal, work)
  })
}

/** Lines that count something down would fill a log: a line is written when its words change, not its numbers. */
async function plainly<T>(signal: AbortSignal, work: (context: LongWorkContext) => Promise<T>): Promise<T> {
  let last = ''
  return work({
    signal,
    progress: text => {
      const words = text.replace(/\d+/g, '#')
      if (words !== last) process.stderr.write(`${text}\n`)
      last = words
    },
  })
}

async function withListr<T>(
  title: string,
  signal: AbortSignal,
  work: (context: LongWorkContext) => Promise<T>,
): Promise<T> {
  const { Listr } = await import('listr2')
  let result: T | undefined
  const list = new Listr(
    [
      {
        title,
        task: async (_, task) => {
          const progress = (text: string) => {
            task.output = text
          }
          result = await work({ progress, signal })
        },
      },
    ],
    { registerSignalListeners: false, rendererOptions: { outputTo: process.stderr } as never },
  )
  await list.run()
  return result as T
}
