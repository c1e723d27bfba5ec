import type { CameraStatus, ViewerSession } from '../../src/media/worker/protocol.ts'

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

/** Somebody who watches a camera's sub-stream by RTSP. */
export function fakeSession(camera: string): ViewerSession {
  return {
    id: `session-of-${camera}`,
    camera,
    stream: 'sub',
    protocol: 'rtsp',
    transport: 'tcp',
    user: 'anna',
    token: null,
    client: null,
    address: '127.0.0.1',
    connectedAt: 1,
    lastSeen: 2,
    bytes: 3,
    relay: false,
  }
}
