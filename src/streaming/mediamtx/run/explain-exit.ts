import type { MediaMtxConfig } from '../../../config/index.ts'

/** How a MediaMTX ended: its exit code or signal, and the last error that it wrote. */
export interface RelayExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly lastError: string | undefined
}

/** Why it ended, in a sentence; for a port that is taken with the key of vms.yaml that names another. */
export function explainExit({ code, signal, lastError }: RelayExit, settings: MediaMtxConfig): string {
  // Of one that was not our child nobody knows.
  const how = signal !== null ? ` (signal ${signal})` : code !== null ? ` (exit code ${code})` : ''
  if (lastError === undefined) return `MediaMTX ended${how}`
  const taken = /listen (tcp|udp)[46]? (\S*):(\d+): bind: address already in use/.exec(lastError)
  if (taken) {
    const port = Number(taken[3])
    const key = keyOf(port, settings)
    const other = key === undefined ? '' : `; mediamtx: { ${key}: PORT } names another`
    return `${taken[1] === 'udp' ? 'UDP port' : 'port'} ${port} is taken by another program${other}`
  }
  const foreign = /listen (?:tcp|udp)[46]? (\S+): bind: cannot assign requested address/.exec(lastError)
  if (foreign) return `${foreign[1]} is no address of this machine; mediamtx.host names another`
  const denied = /listen (?:tcp|udp)[46]? \S*:(\d+): bind: permission denied/.exec(lastError)
  if (denied) return `port ${denied[1]} is not for this user to listen on; ports from 1024 are`
  const unknown = /unknown field "([^"]{1,100})"/.exec(lastError)
  if (unknown) return `this MediaMTX does not know the key ${unknown[1]}: its version is not what it was taken for`
  return `MediaMTX ended${how}: ${lastError.slice(0, 300)}`
}

function keyOf(port: number, { api, ports }: MediaMtxConfig): string | undefined {
  const keys: Readonly<Record<string, number>> = {
    api: api.port,
    rtsp: ports.rtsp,
    webrtc: ports.webrtc,
    webrtc_udp: ports.webrtcUdp,
    hls: ports.hls,
    rtmp: ports.rtmp,
  }
  return Object.keys(keys).find(key => keys[key] === port)
}
