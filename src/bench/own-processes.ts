import { readdirSync, readFileSync } from 'node:fs'
import { systemCode } from '../kernel/errors.ts'

/** Pids of the daemon and the media workers of a state directory, by their command lines. */
export function processesOf(stateDir: string): number[] {
  return processesWith(argv => {
    const at = argv.indexOf('--state-dir')
    return at >= 0 && argv[at + 1] === stateDir
  })
}

function processesWith(ours: (argv: readonly string[]) => boolean): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => {
      if (!Number.isSafeInteger(pid) || pid === process.pid) return false
      try {
        return ours(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'))
      } catch {
        // It ended meanwhile.
        return false
      }
    })
}

/** Sends SIGKILL; a process that is gone already is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}

/**
 * Kills whatever was started with a path in `directory` (a state directory, files to record to), without waiting for anything:
 * the last resort of a process that is about to end. Looks again until nothing is there, for a daemon may have started a
 * worker a moment ago.
 */
export function killAll(directory: string): void {
  const inside = (path: string) => path === directory || path.startsWith(`${directory}/`)
  for (let round = 0; round < 50; round++) {
    const pids = processesWith(argv => argv.some(inside))
    if (pids.length === 0) return
    for (const pid of pids) kill(pid)
  }
}
