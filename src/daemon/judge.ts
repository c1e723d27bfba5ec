import type { CameraStatus } from '../media/worker/protocol.ts'
import type { Health } from './types.ts'

/** Time for a connection to be set up, milliseconds. */
const CONNECT = 10_000
/** A camera's newest frame on disk may be so old: fragments are a second long, reconnects at once are forgiven. */
const FRESH = 10_000

export interface JudgeInput {
  /** It should be recorded. */
  readonly wanted: boolean
  /** Why it cannot even be asked of a worker: a password that cannot be read, a storage path that is not there. */
  readonly blocked: string | null
  /** What is wrong with the camera's worker. */
  readonly workerTrouble: string | null
  /** As its worker tells; undefined when it has not been heard. */
  readonly camera: CameraStatus | undefined
  /** Since when it should be recorded in this worker: the last of start of the worker, placement and wish. */
  readonly since: number
  readonly now: number
}

/** Milliseconds that a camera may take from its start to its first frame on disk: max(30 s, 3 x GOP + connect). */
export function startGrace(gop: number | null): number {
  return Math.max(30_000, 3 * (gop ?? 0) + CONNECT)
}

/** Milliseconds that the newest frame on disk may be old; a camera of one frame in 5 s gets 17 s. */
export function freshness(fps: number | null): number {
  return Math.max(FRESH, fps !== null && fps > 0 ? 3_000 / fps + 2_000 : 0)
}

/**
 * Whether a camera is recorded as it should be. What counts is the age of the newest frame on disk, not what any process
 * says of itself. Times are wall-clock milliseconds.
 */
export function judgeCamera(input: JudgeInput): { health: Health; reason: string | null } {
  const { wanted, camera, since, now } = input
  if (!wanted) return { health: 'off', reason: null }
  if (input.blocked !== null) return { health: 'bad', reason: input.blocked }
  const written = camera?.recording.lastWritten ?? null
  if (written !== null && now - written <= freshness(camera?.main.fps ?? null)) return { health: 'ok', reason: null }
  const reason = input.workerTrouble === null ? reasonOf(camera, written, now) : `media worker: ${input.workerTrouble}`
  const starting = now - since <= startGrace(camera?.main.gop ?? null) && (written === null || written < since)
  return { health: starting ? 'starting' : 'bad', reason }
}

function reasonOf(camera: CameraStatus | undefined, written: number | null, now: number): string {
  if (!camera) return 'its media worker has not reported it yet'
  const { main, recording } = camera
  // The recorder knows of the disk; while the source is in trouble its own reason is the nearer one.
  if (main.state !== 'playing') return main.reason ?? main.state
  if (recording.reason !== null) return recording.reason
  if (main.reason !== null) return main.reason
  return written === null ? 'no frame on disk yet' : `no frame on disk for ${Math.round((now - written) / 1000)} s`
}
