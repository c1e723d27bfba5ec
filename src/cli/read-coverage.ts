import type { SiteConfig } from '../config/types.ts'
import { selectCameras } from '../daemon/select-cameras.ts'
import type { Clock } from '../kernel/clock.ts'
import { formatInstant } from '../kernel/instant.ts'
import { type CoverageReport, coverageReport, withOngoing } from '../recording/coverage/index.ts'
import { type Archive, openArchive } from '../recording/index.ts'
import { spanOf } from './archive-span.ts'
import { ongoingOutages } from './ongoing-outages.ts'

interface Wanted {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly group?: string | undefined
}

/**
 * The cameras that arguments and flags mean, in the order of the configuration: all of it where none is named. By name also those
 * that only the archive still knows.
 */
export function camerasOf(archive: Archive, named: readonly string[], { group }: Wanted) {
  const { cameras } = archive.config
  const all = named.length === 0 && group === undefined
  const known = cameras.map(camera => ({ id: camera.id, group: camera.group }))
  const configured = new Set(cameras.map(({ id }) => id))
  if (named.length > 0)
    for (const id of archive.cameras()) if (!configured.has(id)) known.push({ id, group: undefined })
  const ids = new Set(selectCameras(known, { ...(named.length > 0 ? { cameras: named } : {}), group, all }))
  return known.filter(({ id }) => ids.has(id))
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
    for (const { id, group } of camerasOf(archive, named, wanted)) {
      accounts.push({ camera: id, group: group ?? null, pieces: await archive.coverage(id, until) })
      // A turn of the event loop, in which a signal can arrive.
      await new Promise(resolve => setImmediate(resolve))
      signal.throwIfAborted()
    }
    if (until.end === now && accounts.some(({ pieces }) => pieces.at(-1)?.state === 'node-down')) {
      const outages = await ongoingOutages(stateDir)
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
