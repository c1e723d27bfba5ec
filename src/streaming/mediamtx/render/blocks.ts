import type { RelayValue } from '../scalar.ts'
import { isSince } from '../version.ts'
import { bracketed, type RelayPlan } from './plan.ts'

/** Keys of the configuration that belong together, and a comment that says what they are for. */
export interface Block {
  readonly comment: string
  readonly entries: readonly (readonly [key: string, value: RelayValue])[]
}

/**
 * MediaMTX lets go of a stream within 1 s of its last reader, and HLS within 10 to 13 s of the last request (hlsMuxerCloseAfter is looked
 * at every third of it), both well inside of our linger: so it is the daemon alone that decides when a stream ends.
 */
const SOURCE_CLOSE_AFTER = '1s'
const MUXER_CLOSE_AFTER = '10s'
/** As long as a viewer waits for a camera. */
const START_TIMEOUT = '10s'

/** All keys of the whole server, and pathDefaults, for the plan's version. */
export function blocksOf(plan: RelayPlan): Block[] {
  return [
    general(plan),
    authentication(plan),
    control(plan),
    rtsp(plan),
    webrtc(plan),
    hls(plan),
    rtmp(plan),
    off(plan),
    paths(),
  ]
}

function general({ site }: RelayPlan): Block {
  return {
    comment: `Log, to whoever started it. (Site: ${site.replaceAll(/[^\x20-\x7e]/g, '?')})`,
    entries: [
      ['logLevel', 'info'],
      ['logDestinations', ['stdout']],
    ],
  }
}

function authentication({ authUrl, settings }: RelayPlan): Block {
  const { networks } = settings
  const from = networks.length === 0 ? 'any network' : networks.join(', ')
  return {
    comment: `Who may watch: the vmsctl daemon is asked each time. A token is needed; viewers come from ${from}.`,
    entries: [
      ['authMethod', 'http'],
      ['authHTTPAddress', authUrl],
      // Until 1.20.0 the default leaves out the API, metrics and pprof.
      ['authHTTPExclude', []],
    ],
  }
}

function control({ settings }: RelayPlan): Block {
  return {
    comment: 'Control API: for vmsctl alone, which has a secret for it that stands nowhere.',
    entries: [
      ['api', true],
      ['apiAddress', address(settings.api.host, settings.api.port)],
    ],
  }
}

function rtsp({ settings: { host, ports } }: RelayPlan): Block {
  if (ports.rtsp === 0) return { comment: 'RTSP: off.', entries: [['rtsp', false]] }
  return {
    comment: `RTSP: rtsp://HOST:${ports.rtsp}/live/CAMERA, over TCP. The token is the password, or ?token=.`,
    entries: [
      ['rtsp', true],
      ['rtspTransports', ['tcp']],
      ['rtspEncryption', 'no'],
      ['rtspAddress', address(host, ports.rtsp)],
      ['rtspAuthMethods', ['basic']],
    ],
  }
}

function webrtc({ settings: { host, ports, webrtcHosts, iceServers } }: RelayPlan): Block {
  if (ports.webrtc === 0) return { comment: 'WebRTC: off.', entries: [['webrtc', false]] }
  const secrets = iceServers.flatMap(({ url, credentials }, index) =>
    credentials === undefined ? [] : [`${passwordVariable(index)} holds the password of ${url}.`],
  )
  return {
    comment: [
      `WebRTC: http://HOST:${ports.webrtc}/live/CAMERA/whep. Media comes over UDP port ${ports.webrtcUdp}.`,
      ...secrets,
    ].join('\n'),
    entries: [
      ['webrtc', true],
      ['webrtcAddress', address(host, ports.webrtc)],
      ['webrtcEncryption', false],
      ['webrtcLocalUDPAddress', address(host, ports.webrtcUdp)],
      ['webrtcIPsFromInterfaces', true],
      ['webrtcAdditionalHosts', [...webrtcHosts]],
      [
        'webrtcICEServers2',
        iceServers.map(({ url, credentials }) =>
          credentials === undefined ? { url } : { url, username: credentials.username },
        ),
      ],
    ],
  }
}

/** The environment variable that MediaMTX takes the password of an ICE server from (internal/conf/env). */
export function passwordVariable(index: number): string {
  return `MTX_WEBRTCICESERVERS2_${index}_PASSWORD`
}

function hls({ settings: { host, ports, hls } }: RelayPlan): Block {
  if (ports.hls === 0) return { comment: 'HLS: off.', entries: [['hls', false]] }
  const what = hls === 'segments' ? '6 segments of 2 s' : 'low latency, parts of 200 ms'
  const shape: Block['entries'] =
    hls === 'segments'
      ? [
          ['hlsVariant', 'fmp4'],
          ['hlsSegmentCount', 6],
          ['hlsSegmentDuration', '2s'],
        ]
      : [
          ['hlsVariant', 'lowLatency'],
          ['hlsSegmentCount', 7],
          ['hlsSegmentDuration', '1s'],
          ['hlsPartDuration', '200ms'],
        ]
  return {
    comment: `HLS: http://HOST:${ports.hls}/live/CAMERA/index.m3u8, ${what}.\nThe muxer goes soon after the last request: vmsctl has the linger.`,
    entries: [
      ['hls', true],
      ['hlsAddress', address(host, ports.hls)],
      ['hlsEncryption', false],
      ['hlsAlwaysRemux', false],
      ...shape,
      ['hlsMuxerCloseAfter', MUXER_CLOSE_AFTER],
    ],
  }
}

function rtmp({ settings: { host, ports } }: RelayPlan): Block {
  if (ports.rtmp === 0) return { comment: 'RTMP: off.', entries: [['rtmp', false]] }
  return {
    comment: `RTMP: rtmp://HOST:${ports.rtmp}/live/CAMERA?token=TOKEN.`,
    entries: [
      ['rtmp', true],
      ['rtmpEncryption', 'no'],
      ['rtmpAddress', address(host, ports.rtmp)],
    ],
  }
}

function off({ version }: RelayPlan): Block {
  const keys = ['metrics', 'pprof', 'playback', 'srt', ...(isSince(version, '1.19.0') ? ['moq'] : [])]
  return { comment: 'Not used. vmsctl records, and has metrics of its own.', entries: keys.map(key => [key, false]) }
}

function paths(): Block {
  return {
    comment:
      'Every path is pulled from the gateway of vmsctl while somebody watches, and never from the camera.\nIt is let go at once: how long a stream lingers is decided by vmsctl.',
    entries: [['pathDefaults', { ...PATH_SETTINGS }]],
  }
}

/** What holds for each of our paths besides its source. */
export const PATH_SETTINGS = {
  sourceOnDemand: true,
  sourceOnDemandStartTimeout: START_TIMEOUT,
  sourceOnDemandCloseAfter: SOURCE_CLOSE_AFTER,
  rtspTransport: 'tcp',
  record: false,
} as const

function address(host: string, port: number): string {
  return host === '0.0.0.0' || host === '::' ? `:${port}` : `${bracketed(host)}:${port}`
}
