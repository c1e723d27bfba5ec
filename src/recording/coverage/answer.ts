import { formatDuration } from '../../kernel/units.ts'
import type { CoverageReport } from './report.ts'
import { formatPercent } from './summary.ts'

/** Cameras named in the first line. */
const NAMED = 3

/** The first line of a report: `2 of 200 cameras lack footage: gate-1 12 min, hall-007 41 s. 99.98 % is recorded.` */
export function coverageAnswer({ cameras, total }: CoverageReport): string {
  const wanted = cameras.filter(camera => camera.wanted > 0)
  if (wanted.length === 0) return 'Nothing was to be recorded.'
  const lacking = wanted
    .map(({ camera, wanted, recorded }) => ({ camera, lost: wanted - recorded }))
    .filter(({ lost }) => lost > 0)
    .sort((a, b) => b.lost - a.lost)
  if (lacking.length === 0)
    return wanted.length === 1
      ? `${wanted[0]!.camera} lacks nothing: every second that was wanted is recorded.`
      : `All ${wanted.length} cameras are complete: every second that was wanted is recorded.`
  const named = lacking.slice(0, NAMED).map(({ camera, lost }) => `${camera} ${formatDuration(lost)}`)
  const rest = lacking.length - named.length
  const names = `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  const lack = lacking.length === 1 ? 'lacks' : 'lack'
  const of = wanted.length === 1 ? '1 camera' : `${wanted.length} cameras`
  return `${lacking.length} of ${of} ${lack} footage: ${names}. ${formatPercent(total.percent)} is recorded.`
}
