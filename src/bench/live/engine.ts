import type { VirtualCamerasProcess } from '../../media/virtual/index.ts'

/** What a site's live side does, to be measured: records all cameras, serves sub-streams by RTSP while somebody watches. */
export interface LiveEngine {
  readonly name: 'vmsctl' | 'mediamtx'
  /** What runs, for the report. */
  readonly version: string
  /** Begins to record the main streams, and to serve the sub-streams. */
  start(cameras: VirtualCamerasProcess['cameras']): Promise<void>
  /** Where a viewer reads the sub-stream of a camera. Holds a token, where one is needed. */
  viewerUrl(camera: string): string
  /** Processes whose descendants count, too. */
  processes(): readonly number[]
  /** Leaves no process behind. Callable at any time, also twice. */
  stop(): Promise<void>
}

/** What engines are made for. */
export interface LiveEngineOptions {
  /** Of this engine alone; removed by whoever made it. */
  readonly directory: string
  /** Milliseconds that a sub-stream outlives its last viewer. */
  readonly linger: number
}
