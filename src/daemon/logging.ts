import { fstatSync, statSync } from 'node:fs'
import { destination, pino } from 'pino'
import type { Clock } from '../kernel/clock.ts'
import { foldRepeats } from '../kernel/fold-log.ts'
import type { Logger } from '../kernel/log.ts'

/** The daemon's logger: pino's JSON lines on standard error, repeats folded. Synchronous, so that the last words get out. */
export function daemonLogger(clock: Clock, level = 'info'): Logger {
  const output = destination({ fd: 2, sync: true })
  // A closed terminal or a full disk must not end the daemon.
  output.on('error', () => {})
  const logger = pino({ level, base: null }, output)
  return foldRepeats(logger as unknown as Logger, clock)
}

/** Whether our standard error goes to that file: only then is it ours to rotate. */
export function logsTo(path: string): boolean {
  try {
    const file = statSync(path)
    const own = fstatSync(2)
    return own.ino === file.ino && own.dev === file.dev
  } catch {
    return false
  }
}
