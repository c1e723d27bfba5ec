import { systemClock } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { daemonLogger } from './logging.ts'
import { type RunOptions, runDaemon } from './run-daemon.ts'

/**
 * Runs a daemon as this process until a signal or a request ends it: TERM and INT leave the recorders running, a second
 * one ends at once, HUP reloads. A fault nobody expected is logged and ends the process with 1, for a daemon that goes on
 * half broken is worse than one that is started again. Rejects when the daemon cannot start: telling that is the caller's.
 */
export async function runInForeground(options: RunOptions): Promise<void> {
  const log = options.log ?? daemonLogger(options.clock ?? systemClock)
  const fatal = (what: string) => (error: unknown) => {
    log.error({ error: messageOf(error), stack: error instanceof Error ? error.stack : undefined }, what)
    process.exit(1)
  }
  process.on('unhandledRejection', fatal('unhandled rejection: the daemon ends, the recorders go on'))
  process.on('uncaughtException', fatal('uncaught exception: the daemon ends, the recorders go on'))
  // Until we are up there is nothing to tidy; the default action of the signals is right.
  const daemon = await runDaemon({ ...options, log })
  let signals = 0
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals++
      if (signals > 1) process.exit(130)
      log.info({ signal }, 'signal')
      daemon.stop(false)
    })
  }
  process.on('SIGHUP', () => void daemon.reload())
  await daemon.ended
}
