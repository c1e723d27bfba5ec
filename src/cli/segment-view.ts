import { formatInstant, formatLocal } from '../kernel/instant.ts'
import { formatDuration, formatSize } from '../kernel/units.ts'
import { STILL_OPEN } from '../recording/index.ts'
import type { Interval, Segment } from '../recording/types.ts'
import { csv } from '../report/index.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'

/** What a list of segments adds up to. Milliseconds and bytes. */
export interface SegmentSums {
  readonly segments: number
  readonly cameras: number
  readonly duration: number
  readonly bytes: number
}

export function sumSegments(segments: readonly Segment[]): SegmentSums {
  let duration = 0
  let bytes = 0
  for (const segment of segments) {
    duration += segment.end - segment.start
    bytes += segment.bytes
  }
  return { segments: segments.length, cameras: new Set(segments.map(({ camera }) => camera)).size, duration, bytes }
}

/** `vmsctl archive list`: the sums, then a line for each segment with its times in the zone. */
export function renderSegments(
  segments: readonly Segment[],
  span: Interval,
  timezone: string,
  palette: Palette,
): string {
  const local = (at: number) => formatLocal(at, timezone)
  const period = palette.dim(`${local(span.start)} to ${local(span.end)} ${timezone}`)
  if (segments.length === 0) return `No segments lie in this time.\n${period}`
  const { cameras, duration, bytes } = sumSegments(segments)
  const count = `${segments.length} ${segments.length === 1 ? 'segment' : 'segments'}`
  const answer = `${count} of ${cameras} ${cameras === 1 ? 'camera' : 'cameras'}: ${formatDuration(duration)}, ${formatSize(bytes)}.`
  const rows = segments.map(({ camera, start, end, bytes, codec, began, ended, path }) => [
    camera,
    local(start),
    formatDuration(end - start),
    formatSize(bytes),
    codec,
    began,
    ended === STILL_OPEN ? palette.dim('being written') : ended,
    path,
  ])
  const head = ['camera', 'start', 'length', 'size', 'codec', 'begun', 'ended', 'path']
  return [palette.bold(answer), period, renderColumns(head, rows, palette)].join('\n')
}

/** One line a segment; times in RFC 3339 in the zone, seconds, bytes. */
export function segmentsCsv(segments: readonly Segment[], timezone: string): string {
  return csv(
    ['camera', 'stream', 'start', 'end', 'seconds', 'bytes', 'frames', 'codec', 'began', 'ended', 'sha256', 'path'],
    segments.map(({ camera, stream, start, end, bytes, frames, codec, began, ended, sha256, path }) => [
      camera,
      stream,
      formatInstant(start, timezone),
      formatInstant(end, timezone),
      Math.round(end - start) / 1_000,
      bytes,
      frames,
      codec,
      began,
      ended,
      sha256,
      path,
    ]),
  )
}
