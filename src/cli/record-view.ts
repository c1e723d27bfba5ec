import type { CameraReport, RecordResult } from '../daemon/types.ts'
import { formatDuration, formatSize } from '../kernel/units.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'
import { formatTime } from './status-view.ts'

/** What `record start` and `record stop` did, in one sentence. */
export function describeRecordResult({ record, cameras, changed }: RecordResult): string {
  const whom = changed.length === 1 ? changed[0] : `${changed.length} cameras`
  const rest = cameras.length - changed.length
  if (changed.length === 0) {
    const all = cameras.length === 1 ? `${cameras[0]} is` : `All ${cameras.length} cameras are`
    return `${all} already ${record ? 'to be recorded' : 'switched off'}.`
  }
  const already = rest === 0 ? '' : ` (${rest} already ${record ? 'were' : 'off'})`
  return `${record ? 'Recording' : 'No longer recording'} ${whom}${already}.`
}

/** One line a camera: who wants what, and what the recorder does about it. */
export function renderRecording(cameras: readonly CameraReport[], palette: Palette): string {
  const rows = cameras.map(camera => {
    const { id, wish, health, recording, writtenAge, reason } = camera
    const paint = { ok: palette.good, starting: palette.warning, bad: palette.bad, off: palette.dim }[health]
    return [
      id,
      wish.record ? 'on' : 'off',
      wish.at === null ? wish.by : `${wish.by}, ${formatTime(wish.at)}`,
      paint({ ok: 'recording', starting: 'starting', bad: 'not recording', off: '-' }[health]),
      recording?.engine ?? '',
      recording === null || recording.segments === 0 ? '' : String(recording.segments),
      camera.bytesOnDisk > 0 ? formatSize(camera.bytesOnDisk) : '',
      writtenAge === null ? '' : `${formatDuration(writtenAge)} ago`,
      reason ?? recording?.segment ?? '',
    ]
  })
  return renderColumns(
    ['camera', 'wanted', 'by', 'state', 'engine', 'segments', 'on disk', 'newest frame', 'segment'],
    rows,
    palette,
  )
}
