import type { LiveStream } from '../stream/live-streams.ts'
import type { StreamKey, StreamReport } from '../types.ts'
import type { StreamProcess } from './redis-mirror.ts'

/** What other programs are told of the streams that play, by camera; of a camera with both, its sub-stream. */
export function streamProcesses(
  streams: Iterable<LiveStream>,
  report: (key: StreamKey) => StreamReport,
  pidOf: (camera: string) => number | undefined,
): Map<string, StreamProcess> {
  const found = new Map<string, StreamProcess>()
  for (const { camera, stream, state } of streams) {
    const { name } = state.phase
    if ((name !== 'running' && name !== 'lingering') || (stream === 'main' && found.has(camera))) continue
    const { since, viewers, urls } = report({ camera, stream })
    found.set(camera, {
      pid: String(pidOf(camera) ?? ''),
      started_at: since === null ? '' : new Date(since).toISOString(),
      stream,
      viewers: String(viewers),
      url: urls.find(({ protocol }) => protocol === 'rtsp')?.url ?? '',
    })
  }
  return found
}
