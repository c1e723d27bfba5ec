/** What holds where vms.yaml says nothing. Milliseconds and bytes. */
export const DEFAULTS = {
  segment: 180_000,
  names: 'utc',
  sync: 30_000,
  memory: 512_000_000,
  listen: '127.0.0.1:8654',
  linger: 30_000,
  connectsPerSecond: 10,
  connectsPerHost: 4,
  workers: 'auto',
  engine: 'native',
  record: true,
  verifyTls: true,
} as const
