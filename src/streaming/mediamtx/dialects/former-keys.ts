import type { FormerKey } from './dialect.ts'

/*
 * Keys that no version from 1.15 on has. Read from the tags of MediaMTX (rtsp-simple-server until 0.22), 0.8 to 1.3: `last` is the
 * last version that had the key. Without `last` no version had it: that is how the samples of 2022 and 2023 for one path wrote it.
 */
export const FORMER_KEYS: readonly FormerKey[] = [
  { scope: 'global', key: 'listenIP', last: '0.15.5', by: 'rtspAddress', how: 'none' },
  { scope: 'global', key: 'rtspPort', last: '0.15.5', by: 'rtspAddress', how: 'port' },
  { scope: 'global', key: 'rtspsPort', last: '0.15.5', by: 'rtspsAddress', how: 'port' },
  { scope: 'global', key: 'rtpPort', last: '0.15.5', by: 'rtpAddress', how: 'port' },
  { scope: 'global', key: 'rtcpPort', last: '0.15.5', by: 'rtcpAddress', how: 'port' },
  { scope: 'global', key: 'rtmpPort', last: '0.15.5', by: 'rtmpAddress', how: 'port' },
  { scope: 'global', key: 'metricsPort', last: '0.15.5', by: 'metricsAddress', how: 'port' },
  { scope: 'global', key: 'pprofPort', last: '0.15.5', by: 'pprofAddress', how: 'port' },
  { scope: 'global', key: 'rtmpEnable', last: '0.14.2', by: 'rtmp', how: 'same' },
  { scope: 'global', key: 'streamDeadAfter', last: '0.9.3', by: 'readTimeout', how: 'same' },
  { scope: 'global', key: 'preScript', last: '0.8.8', by: 'runOnConnect', how: 'same' },
  { scope: 'global', key: 'postScript', last: '0.8.8', by: 'runOnDisconnect', how: 'same' },
  { scope: 'global', key: 'readBufferSize', last: '0.17.17', by: 'udpReadBufferSize', how: 'same' },
  { scope: 'global', key: 'webrtcICEInterfaces', last: '1.2.1', by: 'webrtcIPsFromInterfacesList', how: 'same' },
  { scope: 'path', key: 'publishIps', last: '0.16.4', by: 'authInternalUsers', how: 'users' },
  { scope: 'path', key: 'readIps', last: '0.16.4', by: 'authInternalUsers', how: 'users' },
  { scope: 'path', key: 'runOnPublish', last: '0.17.17', by: 'runOnAvailable', how: 'same' },
  { scope: 'path', key: 'runOnPublishRestart', last: '0.17.17', by: 'runOnAvailableRestart', how: 'same' },
  { scope: 'path', key: 'rtspEnabled', by: 'rtsp', how: 'global' },
  { scope: 'path', key: 'rtmpEnabled', by: 'rtmp', how: 'global' },
  { scope: 'path', key: 'hlsEnabled', by: 'hls', how: 'global' },
  { scope: 'path', key: 'webrtcEnabled', by: 'webrtc', how: 'global' },
  { scope: 'path', key: 'srtEnabled', by: 'srt', how: 'global' },
]
