import type { MediaMtxConfig } from '../../config/types.ts'
import type { RelayServer } from '../../streaming/mediamtx/relay-server.ts'
import type { RelayReport } from '../types.ts'

/** How MediaMTX is. `relay`: the one that there is; `trouble`: why there is none. Null where none is wanted, or none is found and that is well. */
export function reportRelay(
  config: MediaMtxConfig,
  relay: RelayServer | undefined,
  trouble: string | null,
): RelayReport | null {
  const attached = config.attach?.url ?? null
  if (!relay)
    return trouble === null
      ? null
      : {
          state: 'missing',
          attached,
          version: null,
          pid: null,
          since: null,
          restarts: 0,
          doors: NO_DOORS,
          trouble,
          notes: [],
        }
  const { status, version, notes, doors } = relay
  return {
    state: status.state,
    attached,
    version: version ?? null,
    pid: status.pid,
    since: status.since,
    restarts: status.exits,
    doors:
      status.state === 'running'
        ? {
            rtsp: doors.rtsp ?? null,
            webrtc: doors.webrtc ?? null,
            hls: doors.hls ?? null,
            rtmp: doors.rtmp ?? null,
          }
        : NO_DOORS,
    trouble: status.trouble,
    notes,
  }
}

const NO_DOORS = { rtsp: null, webrtc: null, hls: null, rtmp: null }
