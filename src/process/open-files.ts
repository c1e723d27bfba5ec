import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** Access mode of open(2) among the flags of a descriptor: 0 is reading only. */
const ACCESS_MODE = 3

/**
 * The files below a directory that processes of this machine have open for writing, relative to it (proc_pid_fd(5),
 * proc_pid_fdinfo(5)). Only root is shown what processes of other users have open. Empty where there is no /proc.
 */
export function filesOpenForWriting(directory: string): Set<string> {
  const found = new Set<string>()
  const root = `${attempt(() => realpathSync(directory)) ?? directory}/`
  for (const pid of attempt(() => readdirSync('/proc')) ?? []) {
    if (!/^\d+$/.test(pid)) continue
    for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const path = attempt(() => readlinkSync(join('/proc', pid, 'fd', fd)))
      if (!path?.startsWith(root)) continue
      const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))
      const flags = Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info ?? '')?.[1] ?? '0', 8)
      if ((flags & ACCESS_MODE) !== 0) found.add(path.slice(root.length))
    }
  }
  return found
}

/** Processes end while they are looked at, and those of others do not let themselves be looked at. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
