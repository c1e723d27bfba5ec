import type { Clock } from '../kernel/clock.ts'
import { filesOpenForWriting } from '../process/index.ts'
import { daemonClient } from './daemon-client.ts'

/** Milliseconds that a look at the processes of this machine is good for. */
const GOOD_FOR = 1_000

/**
 * Tells whether somebody writes to a file of the storage now (by path relative to it): by what processes have open, and by
 * what the daemon, where one runs, says that its workers record to.
 */
export async function fileWriters(
  storage: string,
  flags: { readonly 'state-dir'?: string | undefined },
  clock: Clock,
): Promise<(path: string) => boolean> {
  const status = await daemonClient(flags)
    .status()
    .catch(() => undefined)
  const recorded = new Set(status?.cameras.flatMap(({ recording }) => recording?.segment ?? []))
  let open = new Set<string>()
  let looked = Number.NEGATIVE_INFINITY
  return path => {
    if (recorded.has(path)) return true
    if (clock.monotonic() - looked > GOOD_FOR) {
      looked = clock.monotonic()
      open = filesOpenForWriting(storage)
    }
    return open.has(path)
  }
}
