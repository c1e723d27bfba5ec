import type { CameraReport, RecordResult, SiteStatus } from '../daemon/types.ts'
import { formatDuration, formatSize } from '../kernel/units.ts'
import { formatUpcoming } from '../kernel/upcoming.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'
import { formatTime } from './status-view.ts'

/** What `record start`, `record stop` and `record auto` did, in one sentence. */
export function describeRecordResult({ record, cameras, changed }: RecordResult): string {
  const whom = changed.length === 1 ? changed[0] : `${changed.length} cameras`
  const rest = cameras.length - changed.length
  if (record === null) return describeAuto(cameras, changed)
  if (changed.length === 0) {
    const all = cameras.length === 1 ? `${cameras[0]} is` : `All ${cameras.length} cameras are`
    return `${all} already ${record ? 'to be recorded' : 'switched off'}.`
  }
  const already = rest === 0 ? '' : ` (${rest} already ${record ? 'were' : 'off'})`
  return `${record ? 'Recording' : 'No longer recording'} ${whom}${already}.`
}

function describeAuto(cameras: readonly string[], changed: readonly string[]): string {
  if (changed.length === 0)
    return cameras.length === 1
      ? `${cameras[0]} follows the configuration already.`
      : `All ${cameras.length} cameras follow the configuration already.`
  const who = changed.length === 1 ? `${changed[0]} follows` : `${changed.length} cameras follow`
  const rest = cameras.length - changed.length
  return `${who} the configuration again${rest === 0 ? '' : ` (${rest} did already)`}.`
}

/** Who wants it so, and until when or since when; times of a schedule are in the zone of the site. */
function describeWish({ record, by, at, until }: CameraReport['wish'], now: number, timezone: string): string {
  if (until !== null) return `${by}, ${record ? 'until' : 'from'} ${formatUpcoming(until, now, timezone)}`
  return at === null ? by : `${by}, since ${formatTime(at)}`
}

/** One line a camera: who wants what, and what the recorder does about it. */
export function renderRecording(
  { cameras, at, timezone }: Pick<SiteStatus, 'cameras' | 'at' | 'timezone'>,
  palette: Palette,
): string {
  const rows = cameras.map(camera => {
    const { id, wish, health, recording, writtenAge, reason } = camera
    const paint = { ok: palette.good, starting: palette.warning, bad: palette.bad, off: palette.dim }[health]
    return [
      id,
      wish.record ? 'on' : 'off',
      describeWish(wish, at, timezone),
      paint({ ok: 'recording', starting: 'starting', bad: 'not recording', off: '-' }[health]),
      recording?.engine ?? '',
      recording === null || recording.segments === 0 ? '' : String(recording.segments),
      camera.bytesOnDisk > 0 ? formatSize(camera.bytesOnDisk) : '',
      writtenAge === null ? '' : `${formatDuration(writtenAge)} ago`,
      (health === 'off' ? null : reason) ?? recording?.segment ?? '',
    ]
  })
  return renderColumns(
    ['camera', 'wanted', 'by', 'state', 'engine', 'segments', 'on disk', 'newest frame', 'segment'],
    rows,
    palette,
  )
}
