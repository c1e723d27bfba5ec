import { type LogFollower, matches } from '../daemon/log-files.ts'
import type { LogLine } from '../daemon/types.ts'
import { sleep, systemClock } from '../kernel/clock.ts'

/** Milliseconds between two looks at the files. */
const PERIOD = 250

/** Shows new lines until SIGINT or SIGTERM, or until nobody reads them any more. */
export async function followLogs(
  follower: LogFollower,
  camera: string | undefined,
  show: (line: LogLine) => void,
): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  process.stdout.once('error', () => stop.abort())
  while (!stop.signal.aborted) {
    for (const line of follower.poll()) if (matches(line, camera)) show(line)
    await sleep(systemClock, PERIOD, stop.signal)
  }
}
