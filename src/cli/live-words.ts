import { hostname } from 'node:os'
import type { StreamReport, ViewerProtocol, Why } from '../streaming/index.ts'
import { currentUser } from './camera-selection.ts'
import { formatTime } from './status-view.ts'

const PROTOCOLS: Readonly<Record<ViewerProtocol, string>> = { rtsp: 'RTSP', hls: 'HLS', webrtc: 'WebRTC', rtmp: 'RTMP' }
/** Reasons that one line tells; there may be hundreds. */
const SHOWN = 3

/** Who types the command, as a viewer: `anna@desk-3`. */
export function currentViewer(): string {
  return `${currentUser()}@${hostname()}`.slice(0, 64)
}

/** A text that somebody else chose, for a terminal: without what would move its cursor or set its colours. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}

export function protocolName(protocol: ViewerProtocol): string {
  return PROTOCOLS[protocol]
}

/** Why a stream is up, on one line: `anna by RTSP since 14:00:00, ben is expected until 14:02:30`. */
export function sayWhy(why: readonly Why[], most = SHOWN): string {
  const rest = why.length - most
  const said = why.slice(0, most).map(sayOne)
  return [...said, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')
}

function sayOne(why: Why): string {
  switch (why.kind) {
    case 'viewer':
      return `${plain(why.user)} by ${protocolName(why.protocol)} since ${formatTime(why.since)}`
    case 'lease':
      return `${plain(why.user)} is expected until ${formatTime(why.until)}`
    case 'keep':
      return `kept up by ${plain(why.by)}${why.until === null ? '' : ` until ${formatTime(why.until)}`}`
    case 'prewarm':
      return why.until === null ? 'kept warm by configuration' : `kept warm until ${formatTime(why.until)}`
    case 'linger':
      return `lingering until ${formatTime(why.until)}`
  }
}

/** `gate-1/sub`. */
export function streamName({ camera, stream }: Pick<StreamReport, 'camera' | 'stream'>): string {
  return `${camera}/${stream}`
}

/** `1 viewer`, `2 viewers`. */
export function people(number: number): string {
  return `${number} viewer${number === 1 ? '' : 's'}`
}
