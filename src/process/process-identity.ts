import { readFileSync } from 'node:fs'

/**
 * One process, for ever: a pid alone may be another's tomorrow. Start time is field 22 of /proc/PID/stat (clock ticks since
 * boot, proc_pid_stat(5)); the boot id tells one boot from the next.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTime: string
  readonly bootId: string
}

/** The kernel's id of this boot; empty where /proc does not tell. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

/** State letter and start time of a line of /proc/PID/stat; undefined for what is none. The name in it may hold `) R 1`. */
export function parseProcessStat(line: string): { state: string; startTime: string } | undefined {
  const rest = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const state = rest[0]
  // Field 3 comes first after the name, so field 22 is number 19 of the rest.
  const startTime = rest[19]
  if (!line.includes(')') || state === undefined || startTime === undefined || !/^\d+$/.test(startTime))
    return undefined
  return { state, startTime }
}

/** The identity of a running process; undefined when there is none, or only its remains (zombie). */
export function readIdentity(pid: number, bootId = readBootId()): ProcessIdentity | undefined {
  try {
    const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    // A zombie answers kill(pid, 0) until somebody reaps it; where process 1 is slow that takes for ever.
    if (!stat || stat.state === 'Z' || stat.state === 'X' || stat.state === 'x') return undefined
    return { pid, startTime: stat.startTime, bootId }
  } catch {
    return undefined
  }
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = readIdentity(identity.pid)
  return now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId
}
