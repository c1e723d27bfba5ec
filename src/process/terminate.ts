import { type Clock, sleep } from '../kernel/clock.ts'
import { systemCode } from '../kernel/errors.ts'
import { isRunning, type ProcessIdentity } from './process-identity.ts'

/** Signals in the order of patience, and how long each may take, milliseconds. KILL cannot be refused: only the kernel is awaited. */
const LADDER: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 5_000],
  ['SIGTERM', 3_000],
  ['SIGKILL', 10_000],
]

/** Waits until the process is gone, at most `limit` milliseconds. True when it is. */
export async function waitUntilGone(clock: Clock, process: ProcessIdentity, limit: number): Promise<boolean> {
  const end = clock.monotonic() + limit
  for (let pause = 5; isRunning(process); pause = Math.min(pause * 2, 100)) {
    if (clock.monotonic() >= end) return false
    await sleep(clock, pause)
  }
  return true
}

/**
 * Ends a process: INT, 5 s, TERM, 3 s, KILL. Returns the signal that did it, or undefined when it was gone already. Start
 * time and boot id are compared before each signal, so that a pid given to somebody else is never hit.
 */
export async function terminate(clock: Clock, target: ProcessIdentity): Promise<NodeJS.Signals | undefined> {
  for (const [signal, patience] of LADDER) {
    if (!isRunning(target)) return undefined
    try {
      process.kill(target.pid, signal)
    } catch (error) {
      if (systemCode(error) === 'ESRCH') return undefined
      throw error
    }
    if (await waitUntilGone(clock, target, patience)) return signal
  }
  return 'SIGKILL'
}
