import type { RelayObject } from './client.ts'

/** Protocols of MediaMTX's viewers that we serve. */
export type RelayProtocol = 'rtsp' | 'webrtc' | 'hls' | 'rtmp'

/** One connection of a viewer at MediaMTX, as its lists tell. */
export interface RelaySession {
  readonly id: string
  readonly protocol: RelayProtocol
  readonly path: string
  /** User-Agent, where the version tells it. */
  readonly client: string | null
  /** Without the port. */
  readonly address: string
  /** Wall-clock milliseconds. */
  readonly connectedAt: number
  /** Bytes sent to it. */
  readonly bytes: number
  /** RTCP packets that came from it: they end when a browser has gone without a word. Null where there are none to count. */
  readonly signs: number | null
  /** Ids of its RTSP connections: the first question about it was asked for one of them. */
  readonly connections: readonly string[]
}

/** The lists of the API (`/v3/rtspsessions/list`). HLS has one since 1.18. */
export const SESSION_LISTS: Readonly<Record<RelayProtocol, string>> = {
  rtsp: 'rtspsessions',
  webrtc: 'webrtcsessions',
  hls: 'hlssessions',
  rtmp: 'rtmpconns',
}

/** A session of a list; undefined for one that reads nothing (yet), and for what is none. */
export function readSession(protocol: RelayProtocol, item: RelayObject): RelaySession | undefined {
  const id = word(item.id)
  const path = word(item.path)
  // HLS sessions have no state: they all read.
  if (id === undefined || path === undefined || path === '' || (protocol !== 'hls' && item.state !== 'read'))
    return undefined
  return {
    id,
    protocol,
    path,
    client: word(item.userAgent) || null,
    address: (word(item.remoteAddr) ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, ''),
    connectedAt: time(item.created),
    bytes: count(item.outboundBytes) ?? count(item.bytesSent) ?? 0,
    signs: protocol === 'webrtc' ? (count(item.inboundRTCPPackets) ?? count(item.rtcpPacketsReceived) ?? null) : null,
    connections: Array.isArray(item.conns)
      ? item.conns
          .slice(0, 16)
          .map(word)
          .filter(conn => conn !== undefined)
      : [],
  }
}

/** When HLS last asked for anything of a path, by path; wall-clock milliseconds. */
export function readMuxers(items: readonly RelayObject[]): Map<string, RelayMuxer> {
  return new Map(
    items.flatMap(item => {
      const path = word(item.path)
      if (path === undefined) return []
      const bytes = count(item.outboundBytes) ?? count(item.bytesSent) ?? 0
      return [[path, { created: time(item.created), lastRequest: time(item.lastRequest), bytes }] as const]
    }),
  )
}

export interface RelayMuxer {
  readonly created: number
  readonly lastRequest: number
  readonly bytes: number
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 512 ? value.replaceAll(/\p{Cc}/gu, '?') : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** RFC 3339; 0 for what is none. */
function time(value: unknown): number {
  const parsed = typeof value === 'string' ? Date.parse(value.slice(0, 40)) : Number.NaN
  return Number.isFinite(parsed) && parsed > 0 ? parsed : 0
}
