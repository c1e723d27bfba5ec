import type { SiteStatus } from '../daemon/types.ts'
import { sleep, systemClock } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { fitScreen } from './fit-screen.ts'
import { paletteFor } from './palette.ts'
import { formatTime, renderStatus } from './status-view.ts'

/**
 * Shows the status every `interval` milliseconds until SIGINT or SIGTERM, or until nobody reads it any more: on a terminal in
 * place, and no more than fits there, else one report below the other. A daemon that is away for a while is reported and
 * awaited. Returns the last status seen.
 */
export async function watchStatus(ask: () => Promise<SiteStatus>, interval: number): Promise<SiteStatus | undefined> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const { stdout } = process
  stdout.on('error', () => stop.abort())
  const palette = await paletteFor(stdout, process.env)
  let last: SiteStatus | undefined
  while (!stop.signal.aborted) {
    const text = await ask().then(
      status => {
        last = status
        return `${formatTime(status.at)}  ${renderStatus(status, palette)}`
      },
      error => palette.bad(messageOf(error)),
    )
    // Home, then clear what is below: less flicker than clearing first.
    if (stdout.isTTY) stdout.write(`\x1b[H\x1b[J${fitScreen(text, stdout.columns, stdout.rows)}\n`)
    else stdout.write(`${text}\n\n`)
    await sleep(systemClock, interval, stop.signal)
  }
  return last
}
