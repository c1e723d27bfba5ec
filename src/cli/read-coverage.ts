import type { SiteConfig } from '../config/types.ts'
import type { Clock } from '../kernel/clock.ts'
import { formatInstant } from '../kernel/instant.ts'
import { type CoverageReport, coverageReport, withOngoing } from '../recording/coverage/index.ts'
import { openArchive } from '../recording/index.ts'
import { archiveCameras } from './archive-cameras.ts'
import { spanOf } from './archive-span.ts'
import { readOutages } from './read-outages.ts'

interface Wanted {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly group?: string | undefined
}

/** The account of the cameras and the span that a command names; the span ends now at the latest. */
export async function readCoverage(
  config: SiteConfig,
  stateDir: string,
  named: readonly string[],
  wanted: Wanted,
  clock: Clock,
  signal: AbortSignal,
): Promise<CoverageReport> {
  const now = clock.wall()
  const { timezone } = config.site
  const span = spanOf(wanted, { now, timezone })
  const until = { start: span.start, end: Math.min(span.end, now) }
  const archive = await openArchive({ config, stateDir, clock })
  try {
    const accounts = []
    const groups = new Map(config.cameras.map(({ id, group }) => [id, group]))
    // Of those that only the archive still knows, only who names them wants to hear.
    const former = named.length > 0 ? archive.index.cameras() : []
    for (const camera of archiveCameras(config.cameras, former, named, wanted.group)) {
      accounts.push({ camera, group: groups.get(camera) ?? null, pieces: await archive.coverage(camera, until) })
      // A turn of the event loop, in which a signal can arrive.
      await new Promise(resolve => setImmediate(resolve))
      signal.throwIfAborted()
    }
    if (until.end === now && accounts.some(({ pieces }) => pieces.at(-1)?.state === 'node-down')) {
      const outages = await readOutages(stateDir)
      for (const account of accounts) {
        const outage = outages.get(account.camera)
        if (outage) account.pieces = withOngoing(account.pieces, outage)
      }
    }
    return coverageReport(config.site, until, accounts)
  } finally {
    archive.close()
  }
}

/** The report as --json gives it: milliseconds, and the span in RFC 3339. `below` are the cameras under the limit. */
export function jsonCoverage({ span, timezone, cameras, total }: CoverageReport, below: readonly { camera: string }[]) {
  return {
    timezone,
    from: formatInstant(span.start, timezone),
    to: formatInstant(span.end, timezone),
    start: span.start,
    end: span.end,
    total,
    below: below.map(({ camera }) => camera),
    cameras,
  }
}
