import type { Clock } from '../../kernel/clock.ts'
import type { GroupUsage } from '../usage-meter.ts'

export interface DemoOptions {
  /** Virtual cameras; of no meaning with `urls`. */
  readonly cameras: number
  /** URLs of real cameras, which may hold user and password; none: virtual ones. */
  readonly urls: readonly string[]
  /** Milliseconds of recording, the faults among them. */
  readonly duration: number
  /** Where the recordings go: absent or empty. */
  readonly directory: string
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
}

/** What was done to the site. Times are wall-clock milliseconds. */
export interface DemoFault {
  readonly kind: 'daemon-killed' | 'worker-killed' | 'camera-rebooted'
  /** Between these two it struck: a signal and a request take a moment to arrive. */
  readonly from: number
  readonly to: number
  /** Milliseconds until all was as before, as the daemon reports it. */
  readonly recovered: number
  /** Those that may have a gap because of it. */
  readonly cameras: readonly string[]
  /** What was killed; null for a camera. */
  readonly pid: number | null
  /** What came in its place. */
  readonly newPid: number | null
}

/** A stretch without footage between two frames on disk, or before the first or behind the last that was sent. */
export interface DemoGap {
  readonly camera: string
  /** The fault that explains it; null: none does. */
  readonly fault: DemoFault['kind'] | null
  /** Wall-clock milliseconds of the frames on both sides; null: there is none. */
  readonly from: number | null
  readonly to: number | null
  /** Frames that were sent to us and are on no disk; null where nobody can know (real cameras). */
  readonly framesLost: number | null
  /** Milliseconds of footage that had arrived and is lost. */
  readonly footageLost: number
  /** Milliseconds from the fault until the camera was asked to play again; null where nobody can know. */
  readonly reconnect: number | null
  /** Milliseconds from there to its next key frame. */
  readonly keyFrameWait: number | null
}

export interface DemoCamera {
  readonly id: string
  /** Frames that the camera says it sent to us; null for a real one. */
  readonly sent: number | null
  readonly onDisk: number
  readonly missing: number | null
  readonly gaps: readonly DemoGap[]
  /** Its files, in the order of their time. */
  readonly files: readonly string[]
}

/** What the recordings say. */
export interface DemoProof {
  readonly cameras: readonly DemoCamera[]
  /** What must not be and has no place in a gap: doubled frames, damaged files. One sentence each. */
  readonly faults: readonly string[]
}

export interface ViewerReport {
  readonly url: string
  /** Milliseconds from the first SYN to the first key frame, of one viewer on each camera. */
  readonly joins: readonly number[]
  /** Of the viewer that stayed: frames it got, its longest wait for one in milliseconds, and how often it had to connect again. */
  readonly frames: number
  readonly longestPause: number
  readonly reconnects: number
}

export interface DemoReport {
  readonly ok: boolean
  /** The answer in a sentence. */
  readonly answer: string
  /** Promises that were not held, one sentence each. */
  readonly broken: readonly string[]
  readonly virtual: boolean
  /** Milliseconds of recording. */
  readonly duration: number
  readonly cameras: readonly DemoCamera[]
  readonly faults: readonly DemoFault[]
  readonly viewer: ViewerReport
  readonly usage: DemoUsage
  readonly recordings: { readonly directory: string; readonly files: number; readonly bytes: number }
  /** A file to play: the longest of the first camera. */
  readonly play: string | null
  /** Where the logs are; kept only when a promise was not held. */
  readonly logs: string | null
}

export interface DemoUsage {
  /** Daemon and media workers together, and the workers alone. */
  readonly all: GroupUsage
  readonly workers: GroupUsage
  /** The virtual cameras beside them; null with real ones. */
  readonly simulator: GroupUsage | null
}
