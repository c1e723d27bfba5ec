import { type Clock, systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { readIdentity, terminate, waitUntilGone } from '../process/index.ts'
import { findWorkers } from '../supervision/index.ts'
import { DaemonClient } from './client.ts'

export interface StopOptions {
  readonly stateDir: string
  /** End the media workers too. */
  readonly recorders: boolean
  readonly clock?: Clock
}

export interface StopReport {
  /** Pid of the daemon that ended; null when none ran. */
  readonly daemon: number | null
  /** Pids of the workers that ended because of us; those still recording are in `left`. */
  readonly stopped: readonly number[]
  readonly left: readonly number[]
}

/** Closing the segments of a slow disk, and the ladder of signals behind it, fit in this, milliseconds. */
const LIMIT = 60_000

/**
 * Ends the daemon and waits until it is gone. With `recorders` the workers end in order too, also when no daemon is there to
 * do it. Rejects with VMS_E_DAEMON_NOT_RUNNING when there is nothing to end, and with VMS_E_TIMEOUT.
 */
export async function stopDaemon({ stateDir, recorders, clock = systemClock }: StopOptions): Promise<StopReport> {
  const before = findWorkers(stateDir)
  const daemon = await endDaemon(stateDir, recorders, clock, before.length > 0)
  if (recorders) {
    const orphans = daemon === null ? before : findWorkers(stateDir)
    await Promise.all(orphans.map(worker => terminate(clock, worker)))
  }
  const left = findWorkers(stateDir).map(worker => worker.pid)
  return { daemon, stopped: before.map(worker => worker.pid).filter(pid => !left.includes(pid)), left }
}

async function endDaemon(stateDir: string, recorders: boolean, clock: Clock, workers: boolean): Promise<number | null> {
  const client = new DaemonClient(stateDir)
  let pid: number
  try {
    ;({ pid } = await client.health())
  } catch (error) {
    const absent = error instanceof VmsError && error.code === 'VMS_E_DAEMON_NOT_RUNNING'
    if (absent && recorders && workers) return null
    throw error
  }
  const identity = readIdentity(pid)
  await client.stop(recorders)
  if (identity && !(await waitUntilGone(clock, identity, LIMIT)))
    throw new VmsError('VMS_E_TIMEOUT', `the daemon (pid ${pid}) has not ended within ${LIMIT / 1000} s`)
  return pid
}
