import type { SiteConfig } from '../config/types.ts'
import { selectCameras } from '../daemon/select-cameras.ts'
import type { Clock } from '../kernel/clock.ts'
import { formatInstant } from '../kernel/instant.ts'
import { type CoverageReport, coverageReport } from '../recording/coverage/index.ts'
import { openArchive } from '../recording/index.ts'
import { spanOf } from './archive-span.ts'

interface Wanted {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly group?: string | undefined
}

/** The cameras that arguments and flags mean, in the order of the configuration; all where none is named. */
export function camerasOf(config: SiteConfig, named: readonly string[], { group }: Wanted) {
  const all = named.length === 0 && group === undefined
  const ids = new Set(selectCameras(config.cameras, { ...(named.length > 0 ? { cameras: named } : {}), group, all }))
  return config.cameras.filter(({ id }) => ids.has(id))
}

/** The account of the cameras and the span that a command names; the span ends now at the latest. */
export async function readCoverage(
  config: SiteConfig,
  stateDir: string,
  named: readonly string[],
  wanted: Wanted,
  clock: Clock,
): Promise<CoverageReport> {
  const now = clock.wall()
  const { timezone } = config.site
  const span = spanOf(wanted, { now, timezone })
  const until = { start: span.start, end: Math.min(span.end, now) }
  const cameras = camerasOf(config, named, wanted)
  const archive = await openArchive({ config, stateDir, clock })
  try {
    const accounts = []
    for (const { id, group } of cameras)
      accounts.push({ camera: id, group: group ?? null, pieces: await archive.coverage(id, until) })
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
