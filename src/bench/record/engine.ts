/** A virtual camera's main stream, as an engine under test is told of it. */
export interface BenchCamera {
  readonly id: string
  /** rtsp: URL on loopback. */
  readonly url: string
}

/** Something that records cameras, to be measured. */
export interface BenchEngine {
  readonly name: 'native' | 'ffmpeg' | 'mediamtx'
  /** What runs, for the report: "ffmpeg 5.1.9". */
  readonly version: string
  /** Begins to record all cameras below `directory`, each in a folder of its own id somewhere below. */
  start(cameras: readonly BenchCamera[], directory: string): Promise<void>
  /** Processes whose descendants count, too. */
  processes(): readonly number[]
  /** Closes the recordings in order and leaves no process behind. Callable at any time, also twice. */
  stop(): Promise<void>
}
