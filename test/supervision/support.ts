import type { WorkerOrder } from '../../src/supervision/index.ts'

/** What a worker with these cameras is told. */
export function workerOrder(...cameras: string[]): WorkerOrder {
  return {
    settings: {
      site: 's',
      storage: {
        path: '/x',
        id: 'i',
        segment: 180_000,
        names: 'utc',
        timezone: 'UTC',
        syncPeriod: 10_000,
        memory: 1e6,
      },
      gateway: { host: '127.0.0.1', port: 0, username: undefined, password: undefined, linger: 30_000 },
      limits: { connectsPerSecond: 10, connectsPerHost: 4 },
    },
    cameras: cameras.map(id => ({
      id,
      main: { url: 'rtsp://127.0.0.1/', username: undefined, password: undefined, verifyTls: false },
      sub: undefined,
      record: true,
      engine: 'native' as const,
    })),
    peers: [],
  }
}
