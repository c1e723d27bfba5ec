import { formatInstant } from '../../kernel/instant.ts'
import { csv } from '../../report/index.ts'
import type { CoverageReport } from './report.ts'

/** One line a piece: camera, start and end (RFC 3339 in the site's zone), seconds, state, and the words that were noted. */
export function coverageCsv({ cameras, timezone }: CoverageReport): string {
  return csv(
    ['camera', 'start', 'end', 'seconds', 'state', 'detail'],
    cameras.flatMap(({ camera, pieces }) =>
      pieces.map(({ start, end, state, detail }) => [
        camera,
        formatInstant(start, timezone),
        formatInstant(end, timezone),
        Math.round(end - start) / 1_000,
        state,
        detail,
      ]),
    ),
  )
}
