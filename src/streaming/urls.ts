import { hostname } from 'node:os'
import type { StreamKey, StreamUrl } from './types.ts'

/** Where viewers are served, `host:port` each; undefined where nobody listens. */
export interface Doors {
  /** RTSP of our own gateway. */
  readonly gateway: string | undefined
  /** HLS of our own workers. */
  readonly viewing?: string | undefined
  readonly mediamtx?:
    | {
        readonly rtsp?: string | undefined
        readonly webrtc?: string | undefined
        readonly hls?: string | undefined
        readonly rtmp?: string | undefined
      }
    | undefined
}

/** Where a stream can be watched. `hasSub`: of MediaMTX's paths `live/` is the sub-stream where there is one, else main. */
export function urlsOf({ camera, stream }: StreamKey, hasSub: boolean, doors: Doors): StreamUrl[] {
  const { gateway, viewing, mediamtx } = doors
  const path = `${stream === 'main' && hasSub ? 'main' : 'live'}/${camera}`
  const found: StreamUrl[] = []
  const add = (protocol: StreamUrl['protocol'], by: StreamUrl['by'], at: string | undefined, rest: string) => {
    if (at === undefined) return
    const scheme = { rtsp: 'rtsp', rtmp: 'rtmp', webrtc: 'http', hls: 'http' }[protocol]
    found.push({ protocol, by, url: `${scheme}://${reachable(at)}/${rest}` })
  }
  add('webrtc', 'mediamtx', mediamtx?.webrtc, `${path}/whep`)
  add('hls', 'gateway', viewing, `hls/${camera}/${stream}/index.m3u8`)
  add('hls', 'mediamtx', mediamtx?.hls, `${path}/index.m3u8`)
  add('rtsp', 'gateway', gateway, `${camera}/${stream}`)
  add('rtsp', 'mediamtx', mediamtx?.rtsp, path)
  add('rtmp', 'mediamtx', mediamtx?.rtmp, path)
  return found
}

/** An address that a viewer can connect to: one who listens everywhere is found by the name of the machine. */
function reachable(address: string): string {
  return address.replace(/^(0\.0\.0\.0|\[::\])(?=:\d+$)/, hostname())
}
