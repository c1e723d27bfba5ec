import type { CameraStatus } from '../../src/media/worker/protocol.ts'

/** The status of a camera that runs well, for tests to spoil. */
export function fakeCameraStatus(
  id: string,
  { wanted = true, now, since }: { wanted?: boolean; now: number; since: number },
): CameraStatus {
  return {
    id,
    main: {
      state: 'playing',
      reason: null,
      since,
      retryIn: null,
      codec: 'h264',
      audio: null,
      width: 1920,
      height: 1080,
      bFrames: false,
      fps: 25,
      bitrate: 4_100_000,
      gop: 2_000,
      keyFrameAge: 700,
      readers: 1,
      framesReceived: 1_000,
      packetsLost: 0,
      damaged: 0,
      framesDropped: 0,
      clockOffset: 12,
      clockDrift: 3,
      reconnects: 0,
      notes: [],
    },
    sub: undefined,
    recording: {
      wanted,
      engine: 'native',
      fallback: null,
      active: wanted,
      reason: null,
      segment: wanted ? `/archive/${id}/a.mp4` : null,
      segments: 1,
      bytesWritten: 5_000_000,
      framesWritten: 1_000,
      lastWritten: wanted ? now - 600 : null,
      lost: {},
    },
  }
}
