import type { StreamStatus } from '../media/worker/protocol.ts'
import { lingersUntil, type StreamState } from './stream/state.ts'
import type { StreamKey, StreamReport, StreamUrl, ViewerReport, Why } from './types.ts'
import type { Keep } from './viewers/keeps.ts'
import { countPeople } from './viewers/viewers.ts'

export interface ReportInput extends StreamKey {
  /** Undefined for one that is idle. */
  readonly state: StreamState | undefined
  /** Those of this stream. */
  readonly viewers: readonly ViewerReport[]
  readonly keep: Keep | undefined
  readonly prewarm: { readonly until: number | null } | undefined
  readonly linger: number
  readonly status: StreamStatus | undefined
  readonly urls: readonly StreamUrl[]
  /** Wall-clock milliseconds of a monotonic instant. */
  readonly wallOf: (monotonic: number) => number
}

/** How a stream is, and why it is up. Pure. */
export function reportStream(input: ReportInput): StreamReport {
  const { camera, stream, state, viewers, status, urls, wallOf } = input
  const phase = state?.phase ?? { name: 'idle' as const }
  return {
    camera,
    stream,
    state: phase.name,
    since: phase.name === 'idle' ? null : wallOf(phase.since),
    reason: phase.name === 'failed' ? phase.reason : null,
    why: reasons(input),
    viewers: countPeople(viewers),
    sessions: viewers.filter(viewer => viewer.state === 'watching').length,
    bitrateIn: status?.bitrate ?? null,
    bitrateOut: viewers.reduce((sum, { bitrate }) => sum + bitrate, 0),
    urls,
  }
}

function reasons({ state, viewers, keep, prewarm, linger, wallOf }: ReportInput): Why[] {
  const why: Why[] = viewers.map(({ user, protocol, since, until }) =>
    until === null
      ? { kind: 'viewer', user, protocol: protocol ?? 'rtsp', since }
      : { kind: 'lease', user, since, until },
  )
  if (keep) why.push({ kind: 'keep', by: keep.by, since: keep.since, until: keep.until })
  if (prewarm) why.push({ kind: 'prewarm', until: prewarm.until })
  if (state?.phase.name === 'lingering') why.push({ kind: 'linger', until: wallOf(lingersUntil(state, { linger })) })
  return why
}
