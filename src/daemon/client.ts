// Commands import this and nothing else of the daemon: it must load in a millisecond.

import { statePaths } from '../config/state-paths.ts'
import type { ErrorCode } from '../kernel/error-codes.ts'
import { messageOf, systemCode, VmsError } from '../kernel/errors.ts'
import { LiveClient } from './live-client.ts'
import { requestOverSocket } from './socket-http.ts'
import type { HealthReport, LogLine, RecordRequest, RecordResult, ReloadResult, SiteStatus } from './types.ts'

export interface StatusQuery {
  /** Only these; all when absent. */
  readonly cameras?: readonly string[] | undefined
  /** Only cameras in need of attention, and this many others. */
  readonly attention?: number | undefined
}

/** Talks to the daemon of a state directory over its Unix socket. Every call rejects with the daemon's own VmsError. */
export class DaemonClient {
  readonly #socketPath: string
  /** Streams on demand, and who watches. */
  readonly live = new LiveClient((method, path, body) => this.#call(method, path, body))

  constructor(stateDir: string) {
    this.#socketPath = statePaths(stateDir).socket
  }

  status(query: StatusQuery = {}): Promise<SiteStatus> {
    const parameters = new URLSearchParams()
    for (const camera of query.cameras ?? []) parameters.append('camera', camera)
    if (query.attention !== undefined) parameters.set('attention', String(query.attention))
    const text = parameters.toString()
    return this.#call('GET', `/v1/status${text === '' ? '' : `?${text}`}`)
  }

  health(): Promise<HealthReport> {
    return this.#call('GET', '/v1/health')
  }

  record(action: 'start' | 'stop' | 'auto', body: RecordRequest): Promise<RecordResult> {
    return this.#call('POST', `/v1/record/${action}`, body)
  }

  reload(): Promise<ReloadResult> {
    return this.#call('POST', '/v1/reload', {}, 60_000)
  }

  /** Returns once the daemon has agreed; it ends after that. */
  stop(recorders: boolean): Promise<{ pid: number }> {
    return this.#call('POST', '/v1/stop', { recorders }, 60_000)
  }

  logs(camera: string | undefined, lines: number): Promise<{ lines: LogLine[] }> {
    const parameters = new URLSearchParams({ lines: String(lines), ...(camera === undefined ? {} : { camera }) })
    return this.#call('GET', `/v1/logs?${parameters}`)
  }

  async #call<T>(method: string, path: string, body?: object, timeout = 15_000): Promise<T> {
    const text = body === undefined ? '' : JSON.stringify(body)
    const answer = await requestOverSocket(this.#socketPath, method, path, text, timeout).catch((error: unknown) => {
      throw this.#explain(error)
    })
    if (answer.status !== 200) throw errorOf(answer.body, answer.status)
    return JSON.parse(answer.body) as T
  }

  #explain(error: unknown): VmsError {
    if (error instanceof VmsError) return error
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ECONNREFUSED')
      return new VmsError('VMS_E_DAEMON_NOT_RUNNING', `no daemon runs here (${this.#socketPath})`)
    if (code === 'EACCES')
      return new VmsError(
        'VMS_E_DAEMON_NOT_RUNNING',
        `the daemon's socket may not be used by this user (${this.#socketPath})`,
        {
          hint: 'Join the group that owns the socket, or use sudo.',
        },
      )
    return new VmsError('VMS_E_REMOTE', `the daemon did not answer: ${messageOf(error)}`, { cause: error })
  }
}

/** The error that the daemon sent, as it was thrown there. */
function errorOf(answer: string, status: number): VmsError {
  try {
    const { error } = JSON.parse(answer) as {
      error: { code: ErrorCode; message: string; hint?: string; details?: Record<string, unknown> }
    }
    const { code, message, hint, details } = error
    return new VmsError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
    })
  } catch {
    return new VmsError('VMS_E_REMOTE', `the daemon answered with HTTP status ${status}`)
  }
}
