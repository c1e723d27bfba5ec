/*
 * What values of the tables' types look like. Read from MediaMTX's sources, versions 1.15.0 to 1.20.1: internal/conf/*.go, one file a type.
 */

/** Words that a value may be. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  logLevel: ['error', 'warn', 'info', 'debug'],
  logDestination: ['stdout', 'file', 'syslog'],
  authMethod: ['internal', 'http', 'jwt'],
  action: ['publish', 'read', 'playback', 'api', 'metrics', 'pprof'],
  encryption: ['no', 'optional', 'strict', 'false', 'true', 'yes'],
  rtspAuthMethod: ['basic', 'digest'],
  rtspTransport: ['udp', 'multicast', 'tcp'],
  rtspSourceTransport: ['automatic', 'udp', 'multicast', 'tcp'],
  rtspRangeType: ['', 'clock', 'npt', 'smpte'],
  hlsVariant: ['mpegts', 'fmp4', 'lowLatency'],
  recordFormat: ['fmp4', 'mpegts'],
  moqTransport: ['quic', 'webtransport'],
  trackCodec: ['AV1', 'VP9', 'H265', 'H264', 'MPEG4Audio', 'Opus', 'G711', 'LPCM'],
}

/** Keys of mappings inside lists, with the types of their values. */
export const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  internalUser: { user: 'credential', pass: 'credential', ips: 'network[]', permissions: 'permission[]' },
  permission: { action: 'action', path: 'text' },
  iceServer: { url: 'text', username: 'text', password: 'text', clientOnly: 'bool' },
  track: { codec: 'trackCodec', sampleRate: 'int', channelCount: 'int', muLaw: 'bool' },
  forward: { dest: 'text', destFingerprint: 'text', whipBearerToken: 'text' },
}

/** Beginnings of `source`; `publisher`, `redirect` and `rpiCamera` are whole words. `since` where later than 1.15.0. */
export const SOURCES: readonly { readonly prefix: string; readonly since?: string }[] = [
  { prefix: 'rtsp://' },
  { prefix: 'rtsps://' },
  { prefix: 'rtsp+http://' },
  { prefix: 'rtsps+http://' },
  { prefix: 'rtsp+ws://' },
  { prefix: 'rtsps+ws://' },
  { prefix: 'rtmp://' },
  { prefix: 'rtmps://' },
  { prefix: 'http://' },
  { prefix: 'https://' },
  { prefix: 'udp://' },
  { prefix: 'udp+mpegts://' },
  { prefix: 'unix+mpegts://' },
  { prefix: 'udp+rtp://' },
  { prefix: 'unix+rtp://' },
  { prefix: 'srt://' },
  { prefix: 'whep://' },
  { prefix: 'wheps://' },
  { prefix: 'moqt://', since: '1.20.1' },
]
