import { formatDuration } from '../../kernel/units.ts'
import type { FrameVerdict, StreamVerdict } from './verify-frames.ts'

/** Gaps that are listed of a stream. */
const GAPS_SHOWN = 10

/** The verdict for a person: the answer, then each stream with a fault (`all`: each stream), then its gaps. */
export function renderVerdict(verdict: FrameVerdict, all: boolean): string {
  const { streams, files, unmarked, open, damaged } = verdict
  const frames = streams.reduce((sum, stream) => sum + stream.frames, 0)
  const bad = streams.filter(stream => !stream.ok)
  const lines = [headline(verdict, frames, bad.length)]
  for (const stream of all ? streams : bad) lines.push(...describeStream(stream))
  if (unmarked > 0)
    lines.push(`${unmarked} frames have no mark: they were not sent by a virtual camera, or are damaged.`)
  for (const path of damaged) lines.push(`damaged: ${path}`)
  if (open.length > 0) lines.push(`${open.length} of ${files} files are still being written, or were cut off.`)
  if (!all && bad.length < streams.length && bad.length > 0) {
    lines.push(`(${streams.length - bad.length} more are complete: --all)`)
  }
  return lines.join('\n')
}

function headline({ streams, files }: FrameVerdict, frames: number, bad: number): string {
  if (streams.length === 0) return `No frame of a virtual camera was found in ${files} MP4 files.`
  const what = `${frames} frames of ${streams.length} stream${streams.length === 1 ? '' : 's'} in ${files} files`
  return bad === 0
    ? `${what}: every frame is there, once and in order.`
    : `${what}: ${bad} of the streams are not complete.`
}

function describeStream(stream: StreamVerdict): string[] {
  const { camera, stream: role, frames, first, last, missing, doubled, outOfOrder, foreign, gaps, sendings } = stream
  if (frames === 0) return [`${camera}/${role}  ${sendings?.sent ?? 0} frames were sent, none is recorded`]
  const faults = [
    `${missing} missing`,
    `${doubled} doubled`,
    `${outOfOrder} out of order`,
    ...(foreign > 0 ? [`${foreign} in another camera's file`] : []),
    ...(sendings ? [`of ${sendings.sent} sent: ${sendings.missing} lost, ${sendings.behind} behind the end`] : []),
  ]
  const lines = [`${camera}/${role}  frames ${first} to ${last}: ${frames} recorded, ${faults.join(', ')}`]
  for (const gap of gaps.slice(0, GAPS_SHOWN)) {
    const count = gap.last - gap.first + 1
    const length = formatDuration(gap.after - gap.before)
    lines.push(`    ${count} frames from ${gap.first} on, ${new Date(gap.before).toISOString()}, ${length}`)
  }
  if (gaps.length > GAPS_SHOWN) lines.push(`    and ${gaps.length - GAPS_SHOWN} more gaps (--json has them all)`)
  return lines
}
