import { VmsError } from '../kernel/errors.ts'
import type {
  ConnectRequest,
  ConnectResult,
  DisconnectResult,
  KeepRequest,
  KeepResult,
  StartRequest,
  StartResult,
  StopRequest,
  StopResult,
  StreamReport,
  ViewerReport,
  Viewing,
} from '../streaming/index.ts'

/** One request to the daemon. */
export type Call = <T>(method: string, path: string, body?: object) => Promise<T>

export interface HistoryRequest {
  readonly camera?: string | undefined
  readonly user?: string | undefined
  /** As people write times. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit?: number | undefined
}

/** What the daemon is asked of its live streams; see LiveService. */
export class LiveClient {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  async streams(): Promise<readonly StreamReport[]> {
    return (await this.#call<{ streams: StreamReport[] }>('GET', '/v1/streams')).streams
  }

  async stream(camera: string): Promise<readonly StreamReport[]> {
    return (await this.#call<{ streams: StreamReport[] }>('GET', path(camera))).streams
  }

  /** Answers when the stream plays, within 10 s. */
  start(camera: string, request: StartRequest): Promise<StartResult> {
    return this.#call('POST', `${path(camera)}/start`, request)
  }

  stop(camera: string, request: StopRequest): Promise<StopResult> {
    return this.#call('POST', `${path(camera)}/stop`, request)
  }

  keep(camera: string, request: KeepRequest): Promise<KeepResult> {
    return this.#call('POST', `${path(camera)}/keep`, request)
  }

  async viewers(
    query: { camera?: string | undefined; user?: string | undefined } = {},
  ): Promise<readonly ViewerReport[]> {
    return (await this.#call<{ viewers: ViewerReport[] }>('GET', `/v1/viewers${parameters(query)}`)).viewers
  }

  connect(request: ConnectRequest): Promise<ConnectResult> {
    return this.#call('POST', '/v1/viewers/connect', request)
  }

  disconnect(id: string, by: string): Promise<DisconnectResult> {
    return this.#call('DELETE', `${viewerPath(id)}${parameters({ by })}`)
  }

  history(request: HistoryRequest): Promise<{ from: number; to: number; viewings: Viewing[] }> {
    return this.#call('GET', `/v1/viewers/history${parameters({ ...request })}`)
  }
}

function path(camera: string): string {
  if (isFolder(camera)) throw new VmsError('VMS_E_CAMERA_NOT_FOUND', `no camera "${camera}" is configured`)
  return `/v1/streams/${encodeURIComponent(camera)}`
}

function viewerPath(id: string): string {
  if (isFolder(id)) throw new VmsError('VMS_E_VIEWER_NOT_FOUND', `no viewer has the id "${id}"`)
  return `/v1/viewers/${encodeURIComponent(id)}`
}

/** Nothing has such a name, and in a URL it would lead to another folder, percent-encoded too. */
function isFolder(name: string): boolean {
  return /^\.{0,2}$/.test(name)
}

function parameters(fields: Readonly<Record<string, string | number | undefined>>): string {
  const set = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) set.set(name, String(value))
  return set.size === 0 ? '' : `?${set}`
}
