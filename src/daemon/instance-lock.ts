import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { messageOf, VmsError } from '../kernel/errors.ts'

/** A held lock; the kernel gives it up with the process, however that ends. */
export interface InstanceLock {
  release(): void
}

/**
 * Makes this process the daemon of its state directory. The lock is SQLite's own, an exclusive transaction that stays open:
 * the kernel drops it at a kill -9 too. Throws VMS_E_DAEMON_RUNNING when another process holds it.
 */
export function takeInstanceLock(path: string): InstanceLock {
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path)
  } catch (error) {
    throw new VmsError('VMS_E_STATE_DIRECTORY', `${path} cannot be opened: ${messageOf(error)}`, { cause: error })
  }
  try {
    database.exec('PRAGMA busy_timeout = 200; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    // SQLITE_BUSY, sqlite.org/rescode.html
    if ((error as { errcode?: number }).errcode === 5) throw alreadyRunning(path)
    throw new VmsError('VMS_E_STATE_DIRECTORY', `${path} cannot be locked: ${messageOf(error)}`, { cause: error })
  }
  return { release: () => database.close() }
}

/**
 * Removes the socket that a dead daemon left. Call with the lock held. Throws VMS_E_DAEMON_RUNNING when somebody answers
 * on it all the same: a daemon whose lock file was deleted under it.
 */
export async function clearStaleSocket(path: string): Promise<void> {
  const answered = await new Promise<boolean>(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
  if (answered) throw alreadyRunning(path)
  try {
    rmSync(path, { force: true })
  } catch (cause) {
    throw new VmsError('VMS_E_STATE_DIRECTORY', `${path} is in the way of the daemon's socket: ${messageOf(cause)}`, {
      hint: 'Remove it, or name another directory with --state-dir.',
      cause,
    })
  }
}

function alreadyRunning(path: string): VmsError {
  return new VmsError('VMS_E_DAEMON_RUNNING', `a daemon already runs on this state directory (${path} is taken)`, {
    hint: '`vmsctl daemon status` shows it, `vmsctl daemon stop` ends it.',
  })
}
