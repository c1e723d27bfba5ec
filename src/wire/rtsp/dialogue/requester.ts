import { Authenticator, type AuthVerdict } from '../auth/authenticator.ts'
import { cseqOf, type RtspResponse } from '../message.ts'
import { type HeaderLines, requestUri, serializeRequest } from '../serialize.ts'
import type { DialogueOptions } from './types.ts'

/** A request that waits for its answer. */
export interface PendingRequest {
  readonly method: string
  readonly uri: string
  readonly headers: HeaderLines
  /** What the dialogue does with the answer. */
  readonly purpose: string
  readonly cseq: number
  /** It carried credentials. */
  readonly authorized: boolean
  /** 401s that it met before. */
  readonly tries: number
}

/** Numbers the requests, adds credentials, and tells which request an answer belongs to. One is on its way at a time. */
export class Requester {
  readonly #authenticator: Authenticator
  readonly #userAgent: string
  /** Of the last request. The first is not 1: a camera that answers everything with CSeq 1 is known by that. */
  #cseq = 1
  #echoes = false
  #pending: PendingRequest | undefined

  constructor(options: DialogueOptions) {
    this.#authenticator = new Authenticator(options.credentials, options.random)
    this.#userAgent = options.userAgent
  }

  get pending(): PendingRequest | undefined {
    return this.#pending
  }

  /** Bytes of a new request. */
  send(purpose: string, method: string, uri: string, headers: HeaderLines = []): Buffer {
    // Encoded here, since credentials are computed from the URI exactly as it is sent.
    return this.#send(purpose, method, requestUri(uri), headers, 0)
  }

  /** The request that `response` answers, which then waits no more; undefined for an answer to be ignored. */
  take(response: RtspResponse): PendingRequest | undefined {
    const pending = this.#pending
    const cseq = cseqOf(response)
    if (!pending || response.status < 200) return undefined
    if (cseq === pending.cseq) this.#echoes = true
    // An answer to a request of the past. From a server that does not keep count, any answer is the answer.
    else if (this.#echoes && cseq !== undefined && cseq < pending.cseq) return undefined
    this.#pending = undefined
    if (pending.authorized && response.status !== 401) this.#authenticator.accepted()
    return pending
  }

  /** Bytes of the same request with other credentials after a 401, or why not. */
  retry(response: RtspResponse, request: PendingRequest): Buffer | Exclude<AuthVerdict, 'retry'> {
    const verdict = this.#authenticator.challenged(response, request.authorized, request.tries)
    if (verdict !== 'retry') return verdict
    return this.#send(request.purpose, request.method, request.uri, request.headers, request.tries + 1)
  }

  #send(purpose: string, method: string, uri: string, headers: HeaderLines, tries: number): Buffer {
    const cseq = ++this.#cseq
    const authorization = this.#authenticator.authorization(method, uri)
    this.#pending = { method, uri, headers, purpose, cseq, authorized: authorization !== undefined, tries }
    const lines: (readonly [string, string])[] = [['CSeq', String(cseq)], ['User-Agent', this.#userAgent], ...headers]
    if (authorization !== undefined) lines.push(['Authorization', authorization])
    return serializeRequest(method, uri, lines)
  }
}
