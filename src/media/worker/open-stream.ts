import type { Clock } from '../../kernel/clock.ts'
import { awaitSession } from '../gateway/index.ts'
import type { OnDemandStream } from './on-demand-stream.ts'
import type { OpenedStream } from './protocol.ts'

/**
 * Waits until the stream plays: 10 s, and 3 s where the camera is known to be in trouble. Rejects with the reason, for a
 * person. Its own demand ends with it; by then whoever asked holds the stream, or reads it.
 */
export async function openStream(stream: OnDemandStream, clock: Clock, signal: AbortSignal): Promise<OpenedStream> {
  const running = await awaitSession(stream.hub, clock, signal)
  if (typeof running === 'string') throw new Error(running)
  const status = stream.status()
  running.leave()
  return {
    codec: status?.codec ?? null,
    bFrames: status?.bFrames ?? null,
    width: status?.width ?? null,
    height: status?.height ?? null,
    fps: status?.fps ?? null,
    audio: status?.audio ?? null,
  }
}
