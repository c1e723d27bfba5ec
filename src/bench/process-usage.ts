import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second of /proc/PID/stat; 100 on every Linux that Node runs on (sysconf _SC_CLK_TCK). */
const TICKS = 100
const PAGE = 4096

/** What one process has used, and holds now. */
export interface ProcessUsage {
  readonly pid: number
  /** Seconds of CPU since its start, its reaped children not included. */
  readonly user: number
  readonly system: number
  /** Resident bytes; pages shared with others count in full. */
  readonly rss: number
  /** Proportional set size, bytes: a page shared by n processes counts 1/n. Null where the kernel does not tell. */
  readonly pss: number | null
}

/** Fields of a line of /proc/PID/stat (proc_pid_stat(5)) that matter here; undefined for what is no such line. */
export function parseStat(line: string): { parent: number; user: number; system: number; rss: number } | undefined {
  const close = line.lastIndexOf(')')
  const fields = line.slice(close + 2).split(' ')
  if (close < 0 || fields.length < 22) return undefined
  return {
    parent: Number(fields[1]),
    user: Number(fields[11]) / TICKS,
    system: Number(fields[12]) / TICKS,
    rss: Number(fields[21]) * PAGE,
  }
}

/** Bytes of the `Pss:` line of /proc/PID/smaps_rollup, or null. */
export function parsePss(text: string): number | null {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** Usage of one process; undefined when it is gone. `withPss`: costs the kernel a walk over its pages. */
export function processUsage(pid: number, withPss: boolean): ProcessUsage | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (!stat) return undefined
    const pss = withPss ? parsePss(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) : null
    return { pid, user: stat.user, system: stat.system, rss: stat.rss, pss }
  } catch {
    return undefined
  }
}

/** `roots` and all their descendants that run now. */
export function processTree(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isSafeInteger(pid)) continue
    try {
      const parent = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.parent
      if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid])
    } catch {
      // It ended between the listing and the reading.
    }
  }
  const found: number[] = []
  const queue = [...roots]
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    if (found.includes(pid)) continue
    found.push(pid)
    queue.push(...(children.get(pid) ?? []))
  }
  return found
}
