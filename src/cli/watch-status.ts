import type { SiteStatus } from '../daemon/types.ts'
import { sleep, systemClock } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { paletteFor } from './palette.ts'
import { renderStatus } from './status-view.ts'

/**
 * Shows the status every `interval` milliseconds until SIGINT or SIGTERM: on a terminal in place, else one report below the
 * other. A daemon that is away for a while is reported and awaited. Returns the last status seen.
 */
export async function watchStatus(ask: () => Promise<SiteStatus>, interval: number): Promise<SiteStatus | undefined> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const palette = await paletteFor(process.stdout, process.env)
  let last: SiteStatus | undefined
  while (!stop.signal.aborted) {
    const text = await ask().then(
      status => {
        last = status
        return `${new Date(status.at).toLocaleTimeString()}  ${renderStatus(status, palette)}`
      },
      error => palette.bad(messageOf(error)),
    )
    // Home, then clear what is below: less flicker than clearing first.
    process.stdout.write(process.stdout.isTTY ? `\x1b[H\x1b[J${text}\n` : `${text}\n\n`)
    await sleep(systemClock, interval, stop.signal)
  }
  return last
}
