import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { type ProcessIdentity, readBootId, readIdentity } from '../process/index.ts'
import { readWorkerRecords, type WorkerRecord } from './worker-record.ts'

/** Last parts of the path of the worker's program, from source or from dist. */
const WORKER_PROGRAM = /(^|\/)media\/worker\/main\.[jt]s$/

/** The slot in a worker's command line, if it is one of this state directory; `argv` as in /proc/PID/cmdline. */
export function slotOfCommandLine(
  argv: readonly string[],
  stateDir: string,
  program = WORKER_PROGRAM,
): number | undefined {
  const at = argv.findIndex(argument => program.test(argument))
  if (at < 0) return undefined
  const option = (name: string) => argv[argv.indexOf(name, at) + 1]
  if (!argv.includes('--slot') || !argv.includes('--state-dir') || !sameDirectory(option('--state-dir'), stateDir))
    return undefined
  const slot = Number(option('--slot'))
  return Number.isSafeInteger(slot) && slot >= 0 ? slot : undefined
}

/** A worker that runs, and what its record says of it; no record when the daemon was killed before it could write one. */
export interface RunningWorker extends ProcessIdentity {
  readonly slot: number
  readonly record: WorkerRecord | undefined
}

/**
 * Every worker of the state directory that runs now. Records are believed only when pid, start time and boot id all match;
 * the command lines in /proc then give those that no record tells of, so that no slot is ever started twice.
 */
export function findWorkers(stateDir: string, program: RegExp = WORKER_PROGRAM): RunningWorker[] {
  const bootId = readBootId()
  const records = new Map(readWorkerRecords(stateDir).map(record => [record.pid, record]))
  const found: RunningWorker[] = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isSafeInteger(pid) || pid === process.pid) continue
    const slot = slotOfCommandLine(readCommandLine(pid), stateDir, program)
    if (slot === undefined) continue
    const identity = readIdentity(pid, bootId)
    if (!identity) continue
    const record = records.get(pid)
    const known = record?.startTime === identity.startTime && record.bootId === bootId && record.slot === slot
    found.push({ ...identity, slot, record: known ? record : undefined })
  }
  return found.sort((a, b) => a.slot - b.slot || Number(b.record !== undefined) - Number(a.record !== undefined))
}

function readCommandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Whether two paths name one directory: /var/lib/vmsctl may be systemd's link to /var/lib/private/vmsctl. */
function sameDirectory(a: string | undefined, b: string): boolean {
  if (a === b) return true
  try {
    return a !== undefined && realpathSync(a) === realpathSync(b)
  } catch {
    return false
  }
}
