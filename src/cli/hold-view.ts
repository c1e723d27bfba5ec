import { formatInstant } from '../kernel/instant.ts'
import { formatSize } from '../kernel/units.ts'
import type { HoldAdded } from '../recording/retention/index.ts'
import type { Hold } from '../recording/segment-index/hold-table.ts'
import { renderColumns } from './columns.ts'

/** `vmsctl archive hold add`: what is held, and what of the span is not there to be held. */
export function renderHoldAdded({ hold, segments, bytes, gone, beingDeleted }: HoldAdded, timezone: string): string {
  const span = (of: { start: number; end: number }) =>
    `${formatInstant(of.start, timezone)} to ${formatInstant(of.end, timezone)}`
  const what = segments === 0 ? 'no footage yet' : `${segments} segments, ${formatSize(bytes)}`
  return [
    `Hold ${hold.id}: ${hold.camera}, ${span(hold)}: ${what}. Nothing deletes it until it is released.`,
    ...gone.map(piece => `gone already (${piece.reason}): ${span(piece)}`),
    ...beingDeleted.map(piece => `being deleted at this moment, and lost: ${span(piece)}`),
  ].join('\n')
}

/** `vmsctl archive hold list`. */
export function renderHolds(holds: readonly Hold[], timezone: string): string {
  if (holds.length === 0) return 'No holds.'
  const rows = holds.map(({ id, camera, start, end, by, reason, released }) => [
    id,
    camera,
    formatInstant(start, timezone),
    formatInstant(end, timezone),
    by,
    reason,
    released ? `${formatInstant(released.at, timezone)} by ${released.by}: ${released.reason}` : '',
  ])
  return renderColumns(['id', 'camera', 'from', 'to', 'by', 'reason', 'released'], rows)
}

/** Says on standard error that the copy beside the footage does not know of it. */
export function tellFileTrouble(trouble: string | null): void {
  if (trouble !== null)
    process.stderr.write(`warning: holds.json beside the footage does not know of it yet: ${trouble}\n`)
}
