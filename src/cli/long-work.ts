import { VmsError } from '../kernel/errors.ts'

export interface LongWorkContext {
  /** Shows what happens now. */
  readonly progress: (text: string) => void
  /** Aborts at SIGINT or SIGTERM; the work cleans up and rejects. */
  readonly signal: AbortSignal
}

/**
 * Runs work of minutes with its progress on stderr: a moving line on a terminal, one line for each step elsewhere, nothing
 * with `quiet`. SIGINT and SIGTERM abort it once; a second one ends the process at once.
 */
export async function longWork<T>(
  title: string,
  quiet: boolean,
  work: (context: LongWorkContext) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const interrupt = () => {
    if (abort.signal.aborted) process.exit(130)
    abort.abort(new VmsError('VMS_E_INTERRUPTED', 'interrupted'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    if (quiet) return await work({ progress: () => {}, signal: abort.signal })
    if (process.stderr.isTTY !== true) return await plainly(abort.signal, work)
    return await withListr(title, abort.signal, work)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
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
