import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Grant, grants } from '../../access/index.ts'
import { isLoopback } from '../../config/listen-address.ts'
import type { Clock, Timer } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { PortListener } from '../gateway/index.ts'
import { type HlsRefusal, HlsStreams, type LiveStream, type Playlist } from '../hls/index.ts'
import type { HubDirectory } from '../hub/index.ts'
import type { TokenGate, ViewerBook } from '../viewers/index.ts'
import type { GatewayPeer, ViewingSettings } from '../worker/protocol.ts'
import { admit } from './admission.ts'
import { type Answer, refusal, send } from './answer.ts'
import { CLIENT_ADDRESS, Forwarder } from './forward.ts'
import { HlsViewers } from './hls-viewers.ts'
import { HttpListener } from './http-listener.ts'
import { POSTER_AGE, Posters } from './posters.ts'
import { PLAYLIST, parseTarget, type RequestTarget } from './request-target.ts'
import { signIn } from './sign-in.ts'
import { WatchPages } from './watch-pages.ts'

const SWEEP_PERIOD = 1_000

export interface ViewingServerOptions {
  /** The streams of this worker. */
  readonly directory: HubDirectory
  /** Unix socket at which other workers pass requests on. */
  readonly socketPath: string
  /** Unix socket at which the daemon answers `/api`. */
  readonly apiPath: string
  readonly tokens: TokenGate
  readonly viewers: ViewerBook
  readonly clock: Clock
  readonly log: Logger
}

export interface ViewingStatus {
  /** `host:port` that browsers can connect to, undefined while they cannot. */
  readonly listening: string | undefined
  /** Why they cannot, for a person. */
  readonly trouble: string | undefined
  readonly viewers: number
}

/** A request for something of a camera that this worker has, from somebody who may see it. */
interface CameraRequest {
  readonly target: Extract<RequestTarget, { camera: string }>
  readonly grant: Grant | undefined
  readonly address: string
  readonly client: string | undefined
}

/**
 * The HTTP server of a worker: HLS of its cameras, the watch page, and the way to the daemon's answers. All workers listen on the
 * same port; a request for another worker's camera is passed on to that worker's Unix socket.
 */
export class ViewingServer {
  readonly #options: ViewingServerOptions
  readonly #viewers: HlsViewers
  readonly #streams: HlsStreams
  readonly #posters: Posters
  readonly #pages = new WatchPages()
  readonly #forwarder: Forwarder
  readonly #public: HttpListener
  readonly #private: HttpListener
  readonly #port: PortListener
  readonly #sweeper: Timer
  #peers = new Map<string, string>()
  #settings: ViewingSettings | undefined
  #trouble: string | undefined

  constructor(options: ViewingServerOptions) {
    const { directory, clock, log, viewers } = options
    this.#options = options
    this.#viewers = new HlsViewers(clock, viewers)
    this.#streams = new HlsStreams({ directory, clock, log })
    this.#posters = new Posters(directory, clock)
    this.#forwarder = new Forwarder(clock)
    this.#public = new HttpListener((request, response) => this.#serve(request, response, false), log)
    this.#private = new HttpListener((request, response) => this.#serve(request, response, true), log)
    this.#port = new PortListener(this.#public, clock, log, 'viewing')
    this.#sweeper = clock.every(SWEEP_PERIOD, () => this.#sweep()).unref()
  }

  /** Serves other workers. A port comes with `apply`. Never throws. */
  async start(): Promise<void> {
    const { socketPath, log } = this.#options
    await this.#private.listenAt(socketPath).catch(error => {
      log.error({ error: messageOf(error) }, 'viewing socket for other workers')
      this.#trouble = `requests from other workers: ${messageOf(error)}`
    })
  }

  /** Takes new settings; undefined: no port. Who watches goes on. Never throws. */
  async apply(settings: ViewingSettings | undefined, peers: readonly GatewayPeer[]): Promise<void> {
    this.#settings = settings
    this.#options.viewers.limits = settings?.limits
    this.#peers = new Map(
      peers.flatMap(({ http, cameras }) => (http === undefined ? [] : cameras.map(camera => [camera, http] as const))),
    )
    await this.#port.move(settings)
  }

  status(): ViewingStatus {
    const { listening, trouble } = this.#port
    return { listening, trouble: trouble ?? this.#trouble, viewers: this.#viewers.size }
  }

  async stop(): Promise<void> {
    this.#sweeper.cancel()
    await this.#port.move(undefined)
    this.#streams.close()
    this.#forwarder.close()
    await Promise.all([this.#public.close(), this.#private.close()])
  }

  #serve(request: IncomingMessage, response: ServerResponse, passedOn: boolean): void {
    request.on('error', () => {})
    response.on('error', () => {})
    this.#route(request, response, passedOn).catch(error => {
      const { log, clock } = this.#options
      log.error({ error: messageOf(error), stack: (error as Error).stack }, 'viewing request failed')
      send(request, response, refusal(500, 'something went wrong here; the log of the worker says what'), clock)
    })
  }

  async #route(request: IncomingMessage, response: ServerResponse, passedOn: boolean): Promise<void> {
    const { apiPath, clock, tokens } = this.#options
    const reply = (answer: Answer) => send(request, response, answer, clock)
    const address = addressOf(request, passedOn)
    const target = parseTarget(request.url ?? '/')
    if (!target) return void reply(refusal(404, 'there is nothing at this address'))
    if (target.kind === 'session') {
      return void reply(await signIn(request, await this.#admit(request), tokens, clock))
    }
    // Strangers get as far as here: the daemon and the other workers, who judge for themselves once more, hear nothing of them.
    if (target.kind === 'api') {
      const who = await this.#admit(request)
      if ('status' in who) return void reply(refusal(who.status, who.reason, challenge(who.status)))
      const missing = 'the daemon does not answer: vmsctl daemon status'
      return this.#forwarder.pass(request, response, apiPath, address, missing)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return void reply(refusal(405, 'GET or HEAD', { allow: 'GET, HEAD' }))
    }
    if (target.kind === 'page') {
      return void reply(this.#pages.find(target.name) ?? refusal(404, 'there is no such page'))
    }
    const { camera } = target
    const who = await this.#admit(request)
    if ('status' in who) return void reply(refusal(who.status, who.reason, challenge(who.status)))
    const { grant } = who
    if (grant && !grants(grant, camera)) return void reply(refusal(403, `the token does not open ${camera}`))
    const here = this.#options.directory.find(camera, 'main') !== undefined
    const peer = here || passedOn ? undefined : this.#peers.get(camera)
    if (peer !== undefined) {
      return this.#forwarder.pass(request, response, peer, address, 'the worker of this camera is restarting')
    }
    if (!here) return void reply(refusal(404, `there is no camera ${camera}`))
    const client = request.headers['user-agent']?.replace(/\p{Cc}/gu, ' ').slice(0, 200)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const sent = reply(await this.#answer({ target, grant, address, client }, gone.signal))
    if ('viewer' in target) this.#viewers.sent(target.viewer, sent)
  }

  #admit(request: IncomingMessage) {
    const { host } = this.#settings ?? { host: '' }
    return admit(request.headers, isLoopback(host), this.#options.tokens)
  }

  async #answer(asked: CameraRequest, signal: AbortSignal): Promise<Answer> {
    const { target, grant, address, client } = asked
    if (target.kind === 'poster') return this.#poster(target.camera)
    const { camera, stream } = target
    const refused =
      target.kind === 'index'
        ? undefined
        : this.#viewers.asks({ id: target.viewer, camera, stream, grant, address, client })
    if (refused) return refusal(refused.status, refused.reason)
    // A piece of a stream that does not run is gone: asking for it must not start the stream.
    if (target.kind !== 'media' && !this.#streams.get(camera, stream)) {
      const { crowded } = this.#streams
      if (crowded !== undefined) return refusal(503, crowded, { 'retry-after': '5' })
    }
    const live = target.kind === 'media' ? this.#streams.get(camera, stream) : this.#streams.open(camera, stream)
    if (!live) return refusal(404, target.kind === 'media' ? 'this piece is gone' : `${camera} has no sub-stream`)
    return this.#ofStream(live, target, signal)
  }

  async #ofStream(
    live: LiveStream,
    target: Extract<RequestTarget, { stream: string }>,
    signal: AbortSignal,
  ): Promise<Answer> {
    if (target.kind === 'index') {
      const viewer = randomBytes(12).toString('hex')
      return playlistAnswer(await live.index(`${viewer}/${PLAYLIST}`, signal))
    }
    if (target.kind === 'playlist') {
      if (target.reload === 'invalid')
        return refusal(400, '_HLS_msn and _HLS_part are numbers, and a part has a segment')
      return playlistAnswer(await live.playlist(target.reload, signal))
    }
    const found = await live.media(target.name, signal)
    if (!isMedia(found)) return refused(found)
    // A name is never given again.
    const headers = { 'content-type': 'video/mp4', 'cache-control': 'private, max-age=60, immutable' }
    return { status: 200, headers, body: found, etag: target.name }
  }

  async #poster(camera: string): Promise<Answer> {
    const poster = await this.#posters.of(camera)
    if (!poster) return refusal(404, `no stream of ${camera} runs: there is no picture`)
    const headers = { 'content-type': 'video/mp4', 'cache-control': `private, max-age=${POSTER_AGE / 1_000}` }
    return { status: 200, headers, body: [poster] }
  }

  #sweep(): void {
    this.#viewers.sweep((camera, stream) => this.#streams.get(camera, stream)?.idleTime ?? 0)
  }
}

function addressOf({ headers, socket }: IncomingMessage, passedOn: boolean): string {
  const told = headers[CLIENT_ADDRESS]
  return (passedOn && typeof told === 'string' ? told : socket.remoteAddress) ?? ''
}

function playlistAnswer(found: Playlist | HlsRefusal): Answer {
  if ('status' in found) return refused(found)
  const headers = { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'private, no-cache' }
  return { status: 200, headers, body: [found.bytes], etag: found.version }
}

function refused({ status, reason }: HlsRefusal): Answer {
  return refusal(status, reason, status === 503 ? { 'retry-after': '1' } : {})
}

function isMedia(found: readonly Buffer[] | HlsRefusal): found is readonly Buffer[] {
  return Array.isArray(found)
}

/** RFC 6750 section 3. */
function challenge(status: number) {
  return status === 401 ? { 'www-authenticate': 'Bearer realm="vmsctl"' } : {}
}
