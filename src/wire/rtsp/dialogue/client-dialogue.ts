import { parseSdp, type SessionDescription } from '../../sdp/index.ts'
import type { Track } from '../../track.ts'
import { keepAliveMethod, keepAlivePeriod } from '../keep-alive.ts'
import type { RtspMessage, RtspRequest, RtspResponse } from '../message.ts'
import { parseMethods } from '../method-list.ts'
import { parseSession, type SessionHeader } from '../session-header.ts'
import { serializeTransport, transport } from '../transport.ts'
import { baseUrl, redirectTarget, resolveControl, wireUrl } from '../url.ts'
import { activeTrack, withRtpInfo } from './channels.ts'
import { type DialogueFailure, failure, failureOf } from './failure.ts'
import { type PendingRequest, Requester } from './requester.ts'
import { answerServer } from './server-requests.ts'
import { type ActiveTrack, type DialogueEvent, type DialogueOptions, type DialogueStep, NOTHING } from './types.ts'

/** Tracks that one session may have: two channels each. */
const MAX_TRACKS = 128

/**
 * What a client says to a camera, from OPTIONS to TEARDOWN, over one connection with interleaved transport (RFC 2326). It
 * has no socket and no clock: each call returns the bytes to write and what happened. The caller calls `start`, then
 * `receive` with every message, `setup` after `described`, and `keepAlive` in the period that `playing` names; it times
 * out answers that do not come.
 */
export class RtspClientDialogue {
  readonly #url: string
  readonly #requests: Requester
  #base: string
  #aggregate: string
  #methods: ReadonlySet<string> = new Set()
  #session: SessionHeader | undefined
  #wanted: readonly Track[] = []
  #next = 0
  #active: ActiveTrack[] = []
  readonly #urls: string[] = []
  #playing = false
  #over = false
  readonly #notes: string[] = []

  constructor(options: DialogueOptions) {
    this.#url = wireUrl(options.url)
    this.#base = this.#url
    this.#aggregate = this.#url
    this.#requests = new Requester(options)
  }

  /** The method whose answer is awaited, for messages ("no answer to DESCRIBE"); undefined for none. */
  get waitingFor(): string | undefined {
    return this.#requests.pending?.method
  }

  /** Tracks that the camera refused, one sentence each. */
  get notes(): readonly string[] {
    return this.#notes
  }

  /** The first request. */
  start(): DialogueStep {
    return { send: this.#requests.send('options', 'OPTIONS', this.#url), event: undefined }
  }

  /** Takes a message of the server. */
  receive(message: RtspMessage): DialogueStep {
    if (message.type === 'request') return this.#asked(message)
    const request = this.#requests.take(message)
    if (!request) return NOTHING
    if (message.status === 401) return this.#unauthorized(message, request)
    if (request.purpose === 'options') return this.#options(message)
    if (request.purpose === 'keep-alive') return this.#keptAlive(message, request)
    if (request.purpose === 'teardown') return { send: undefined, event: { type: 'ended' } }
    if (message.status >= 300 && message.status < 400) return this.#redirected(message.headers.get('Location'))
    if (request.purpose === 'describe') return this.#described(message)
    if (request.purpose === 'setup') return this.#trackSetUp(message)
    return this.#played(message)
  }

  /** Sets up tracks of the description, in that order. At least one. */
  setup(tracks: readonly Track[]): DialogueStep {
    this.#wanted = tracks.slice(0, MAX_TRACKS)
    this.#next = 0
    if (tracks.length === 0) return this.#fail(failure('no-sdp', 'no track to set up'))
    return { send: this.#setUpNext(), event: undefined }
  }

  /** Bytes that keep the session alive; undefined when nothing plays. An older one that was never answered is forgotten. */
  keepAlive(): Buffer | undefined {
    const pending = this.#requests.pending
    if (!this.#playing || this.#over || (pending && pending.purpose !== 'keep-alive')) return undefined
    return this.#requests.send('keep-alive', keepAliveMethod(this.#methods), this.#aggregate, this.#sessionLine())
  }

  /** Bytes of the TEARDOWN that every way out begins with; undefined when the camera holds no session. */
  teardown(): Buffer | undefined {
    if (!this.#session) return undefined
    const bytes = this.#requests.send('teardown', 'TEARDOWN', this.#aggregate, this.#sessionLine())
    this.#session = undefined
    this.#over = true
    return bytes
  }

  #options(response: RtspResponse): DialogueStep {
    if (response.status >= 300 && response.status < 400) return this.#redirected(response.headers.get('Location'))
    // A camera that does not know OPTIONS may know the rest.
    if (response.status < 300) this.#methods = parseMethods(response.headers.all('Public').join(','))
    const send = this.#requests.send('describe', 'DESCRIBE', this.#url, [['Accept', 'application/sdp']])
    return { send, event: undefined }
  }

  #described(response: RtspResponse): DialogueStep {
    if (response.status >= 300) return this.#fail(failureOf(response, 'DESCRIBE'))
    const description = parseSdp(response.body)
    if (description.tracks.length === 0) return this.#fail(failure('no-sdp', 'describe gave no SDP with media'))
    this.#base = baseUrl(response, this.#url)
    this.#aggregate = resolveControl(this.#base, description.control)
    return event({ type: 'described', description })
  }

  #setUpNext(): Buffer {
    const track = this.#wanted[this.#next]!
    const url = resolveControl(this.#base, track.control)
    const channel = this.#freeChannel()
    const wanted = serializeTransport(transport('tcp', { interleaved: [channel, channel + 1] }))
    return this.#requests.send('setup', 'SETUP', url, [['Transport', wanted], ...this.#sessionLine()])
  }

  #trackSetUp(response: RtspResponse): DialogueStep {
    const track = this.#wanted[this.#next++]!
    const refused = this.#refusal(track, response)
    if (refused) {
      const last = this.#next === this.#wanted.length
      // Without its sound a camera is still worth recording, and one that has lost the session has lost all.
      if (refused.kind === 'session-not-found' || track.kind === 'video' || (last && this.#active.length === 0))
        return this.#fail(refused)
      this.#notes.push(`The ${track.kind} track was refused: ${refused.message}.`)
    }
    if (this.#next < this.#wanted.length) return { send: this.#setUpNext(), event: undefined }
    const range: [string, string] = ['Range', 'npt=0.000-']
    const send = this.#requests.send('play', 'PLAY', this.#aggregate, [...this.#sessionLine(), range])
    return { send, event: { type: 'set-up', tracks: this.#active } }
  }

  /** Takes a SETUP answer in; returns why the track cannot be had. */
  #refusal(track: Track, response: RtspResponse): DialogueFailure | undefined {
    if (response.status >= 300) return failureOf(response, 'SETUP')
    this.#noteSession(response)
    const active = activeTrack(track, response, this.#freeChannel(), this.#active)
    if (!active) return failure('transport-refused', 'the camera refused TCP transport and chose UDP')
    this.#active = [...this.#active, active]
    this.#urls.push(resolveControl(this.#base, track.control))
    return undefined
  }

  #played(response: RtspResponse): DialogueStep {
    if (response.status >= 300) return this.#fail(failureOf(response, 'PLAY'))
    this.#playing = true
    this.#noteSession(response)
    this.#active = withRtpInfo(this.#active, this.#urls, response)
    return event({ type: 'playing', tracks: this.#active, keepAlive: keepAlivePeriod(this.#session?.timeout) })
  }

  #keptAlive(response: RtspResponse, request: PendingRequest): DialogueStep {
    if (response.status === 454) return this.#fail(failureOf(response, request.method))
    // Listed but not known after all: OPTIONS from now on. Any other answer shows that the camera is there.
    if (request.method === 'GET_PARAMETER' && response.status >= 400) this.#methods = new Set()
    return NOTHING
  }

  #unauthorized(response: RtspResponse, request: PendingRequest): DialogueStep {
    const retry = this.#requests.retry(response, request)
    if (retry instanceof Buffer) return { send: retry, event: undefined }
    // Some cameras want another login for GET_PARAMETER than for all else: no reason to end a stream that flows.
    if (request.method === 'GET_PARAMETER') return this.#keptAlive(response, request)
    if (request.purpose === 'teardown') return { send: undefined, event: { type: 'ended' } }
    if (retry === 'refused') return this.#fail(failureOf(response, request.method))
    return this.#fail(failure('auth-unsupported', '401 with a scheme or hash that is not supported', 401))
  }

  #asked(request: RtspRequest): DialogueStep {
    const send = answerServer(request)
    if (this.#over) return { send, event: undefined }
    if (request.method === 'ANNOUNCE' && request.body.length > 0) {
      const description: SessionDescription = parseSdp(request.body)
      return { send, event: { type: 'announced', description } }
    }
    if (request.method !== 'REDIRECT' && request.method !== 'TEARDOWN') return { send, event: undefined }
    const step =
      request.method === 'REDIRECT'
        ? this.#redirected(request.headers.get('Location'))
        : this.#fail(failure('session-not-found', 'the camera ended the session'))
    return { send: step.send ? Buffer.concat([send, step.send]) : send, event: step.event }
  }

  #redirected(location: string | undefined): DialogueStep {
    const url = redirectTarget(location, this.#url)
    if (url === undefined) return this.#fail(failure('redirect-without-target', 'redirected without a usable Location'))
    return { send: this.teardown(), event: { type: 'redirected', url } }
  }

  #fail(reason: DialogueFailure): DialogueStep {
    // 454: there is no session left to tear down.
    if (reason.kind === 'session-not-found') this.#session = undefined
    const send = this.teardown()
    this.#over = true
    return { send, event: { type: 'failed', failure: reason } }
  }

  /** Keeps the session's id, and its timeout from whichever answer named it. */
  #noteSession(response: RtspResponse): void {
    const session = parseSession(response.headers.get('Session') ?? '')
    if (session) this.#session = { id: session.id, timeout: session.timeout ?? this.#session?.timeout }
  }

  #sessionLine(): [string, string][] {
    return this.#session ? [['Session', this.#session.id]] : []
  }

  /** The lowest even channel above all that are in use. */
  #freeChannel(): number {
    const highest = Math.max(-1, ...this.#active.flatMap(track => [track.rtpChannel, track.rtcpChannel]))
    const free = highest + 1 + ((highest + 1) & 1)
    return free <= 254 ? free : 2 * this.#active.length
  }
}

function event(happened: DialogueEvent): DialogueStep {
  return { send: undefined, event: happened }
}
