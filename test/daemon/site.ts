import type { CameraConfig, SiteConfig } from '../../src/config/types.ts'

/** A camera of a configuration, for tests. */
export function camera(id: string, over: Partial<CameraConfig> = {}): CameraConfig {
  const main = { url: `rtsp://127.0.0.1/${id}`, credentials: undefined, verifyTls: false }
  const retention = { age: null, quota: null, priority: 50 }
  return {
    id,
    group: undefined,
    main,
    sub: undefined,
    engine: 'native',
    record: true,
    prewarm: false,
    retention,
    linger: 30_000,
    place: 'vms.yaml:1:1',
    ...over,
  }
}

/** A site of these cameras, for tests. */
export function site(cameras: readonly CameraConfig[], over: Partial<SiteConfig> = {}): SiteConfig {
  return {
    file: '/etc/vms.yaml',
    site: { name: 'test', timezone: 'UTC' },
    storage: {
      path: '/archive',
      segment: 180_000,
      names: 'utc',
      sync: 10_000,
      memory: 512_000_000,
      headroom: { warn: 86_400_000, delete: 14_400_000, protect: 3_600_000 },
      policy: 'oldest-first',
    },
    gateway: { host: '127.0.0.1', port: 8654, credentials: undefined, linger: 30_000 },
    limits: { connectsPerSecond: 10, connectsPerHost: 4, workers: 'auto' },
    retention: { defaults: { age: null, quota: null, priority: 50 }, groups: [] },
    alarms: { notRecorded: 60_000, coverage: 99, headroom: 86_400_000, remind: 21_600_000, targets: [] },
    viewing: {
      listen: { host: '127.0.0.1', port: 8655 },
      lease: 30_000,
      history: 7_776_000_000,
      limits: { viewersPerStream: 500, viewersPerUser: 16, bandwidth: 500_000_000 },
    },
    registry: undefined,
    mediamtx: {
      run: 'never',
      program: 'mediamtx',
      api: { host: '127.0.0.1', port: 9997 },
      attach: undefined,
      auth: { host: '127.0.0.1', port: 8656 },
      host: '127.0.0.1',
      ports: { rtsp: 8554, webrtc: 8889, webrtcUdp: 8189, hls: 8888, rtmp: 1935 },
      hls: 'low-latency',
      webrtcHosts: [],
      iceServers: [],
      networks: [],
    },
    cameras,
    ...over,
  }
}
