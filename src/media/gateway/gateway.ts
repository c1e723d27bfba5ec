import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import { timeOrderedId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/log.ts'
import type { MediaSession, StreamRole } from '../frame.ts'
import type { HubDirectory, StreamHub } from '../hub/index.ts'
import {
  type ConnectionAddress,
  type DescribeRequest,
  type Presentation,
  type Refusal,
  type RequestTarget,
  RtspServer,
  type RtspSession,
  SendBuffer,
} from '../rtsp-server/index.ts'
import type { TokenGate, ViewerBook } from '../viewers/index.ts'
import type { GatewayPeer, GatewaySettings } from '../worker/protocol.ts'
import { awaitSession } from './await-session.ts'
import { GatewayGate } from './gateway-gate.ts'
import { GatewayReader, type StreamTotals } from './gateway-reader.ts'
import { passOn } from './pass-on.ts'
import { PortListener } from './port-listener.ts'
import type { ProxiedConnection } from './proxy-line.ts'
import { ProxyListener } from './proxy-listener.ts'
import { isForRelay } from './reader-credentials.ts'
import { rtspViewer } from './rtsp-viewer.ts'
import { cameraOfPath, parseStreamPath, type StreamPath } from './stream-path.ts'
import { StreamPresentation } from './stream-presentation.ts'

export interface GatewayOptions {
  /** The streams of this worker. */
  readonly directory: HubDirectory
  readonly settings: GatewaySettings
  /** Which worker has the cameras that are not in `directory`. */
  readonly peers: readonly GatewayPeer[]
  /** Unix socket at which other workers pass connections on. */
  readonly socketPath: string
  readonly tokens: TokenGate
  /** Everybody who plays is entered here. */
  readonly viewers: ViewerBook
  readonly clock: Clock
  readonly log: Logger
  /** Gives a number in [0, 1). */
  readonly random: () => number
}

export interface GatewayStatus {
  /** `host:port` that readers can connect to, undefined while they cannot. */
  readonly listening: string | undefined
  /** Why they cannot, for a person. */
  readonly trouble: string | undefined
  /** Clients that play now. */
  readonly readers: number
}

/**
 * The RTSP server of a worker: `/<camera>/main` and `/<camera>/sub`. All workers listen on the same port; a connection for
 * another worker's camera is passed on to that worker's Unix socket, byte for byte.
 */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #server: RtspServer
  readonly #listener: PortListener
  readonly #proxy: ProxyListener
  readonly #buffer = new SendBuffer()
  readonly #readers = new Set<GatewayReader>()
  readonly #totals = new Map<string, StreamTotals>()
  /** Connections that another worker passed on: never passed on again. */
  readonly #passedOn = new WeakSet<Duplex>()
  readonly #spliced = new Set<Duplex>()
  #peers = new Map<string, string>()
  #trouble: string | undefined
  readonly #gate: GatewayGate

  constructor(options: GatewayOptions) {
    const { clock, log, random, settings, peers } = options
    this.#options = options
    this.#gate = new GatewayGate(options)
    this.#gate.apply(settings)
    this.#server = new RtspServer({
      handler: {
        admit: request => this.#gate.admit(request),
        describe: request => this.#describe(request),
        divert: (target, stream, received, address) => this.#divert(target, stream, received, address),
      },
      clock,
      log,
      random,
    })
    this.#listener = new PortListener(this.#server, clock, log)
    this.#proxy = new ProxyListener(options.socketPath, clock, (socket, from) => this.#takePassedOn(socket, from))
    this.#setPeers(peers)
  }

  /** Begins to serve. A port that cannot be had is tried again and again; `status` says why meanwhile. */
  async start(): Promise<void> {
    const { settings, log } = this.#options
    await this.#proxy.listen().catch(error => {
      log.error({ error: messageOf(error) }, 'gateway socket for other workers')
      this.#trouble = `connections from other workers: ${messageOf(error)}`
    })
    await this.#listener.move(settings)
  }

  /** Takes new settings: what has not changed is not touched, and who plays goes on. Never throws. */
  async apply(settings: GatewaySettings, peers: readonly GatewayPeer[]): Promise<void> {
    this.#setPeers(peers)
    this.#gate.apply(settings)
    await this.#listener.move(settings)
  }

  status(): GatewayStatus {
    return {
      listening: this.#listener.listening,
      trouble: this.#listener.trouble ?? this.#trouble,
      readers: this.#readers.size,
    }
  }

  /** What the readers of a stream got and did not get. */
  totals(camera: string, stream: StreamRole): StreamTotals {
    const name = `${camera}/${stream}`
    let totals = this.#totals.get(name)
    if (!totals) {
      totals = { bytes: 0, dropped: 0 }
      this.#totals.set(name, totals)
    }
    return totals
  }

  async stop(): Promise<void> {
    await this.#listener.move(undefined)
    for (const stream of this.#spliced) stream.destroy()
    await Promise.all([this.#server.close(), this.#proxy.close()])
  }

  async #describe(request: DescribeRequest): Promise<Presentation | Refusal> {
    const { directory, clock } = this.#options
    const wanted = parseStreamPath(request.path)
    const hub = wanted && directory.find(wanted.camera, wanted.stream)
    if (!hub) return { status: 404, reason: this.#whatIsMissing(request.path) }
    const relay = isForRelay(request.query)
    const cold = relay && hub.session === undefined
    const running = await awaitSession(hub, clock, request.signal, relay)
    if (typeof running === 'string') return { status: 503, reason: oneLine(running) }
    return new StreamPresentation({
      described: running.session,
      leave: () => running.leave(),
      reader: (session, described) => this.#play(wanted, hub, session, described, cold),
    })
  }

  #play(
    path: StreamPath,
    hub: StreamHub,
    session: RtspSession,
    described: MediaSession,
    cold: boolean,
  ): GatewayReader | Refusal {
    const { viewers, clock, log, random } = this.#options
    const id = timeOrderedId(clock.wall(), random)
    const { user = null, grant, relay = false } = session.visitor ?? {}
    const reason = relay ? undefined : viewers.overLimit({ ...path, id, user, grant })
    if (reason !== undefined) return { status: 453, reason: oneLine(reason) }
    const reader: GatewayReader = new GatewayReader({
      hub,
      session,
      described,
      cold,
      buffer: this.#buffer,
      clock,
      log,
      random,
      totals: this.totals(path.camera, path.stream),
      onStop: () => {
        this.#readers.delete(reader)
        viewers.remove(id)
      },
    })
    this.#readers.add(reader)
    viewers.add(rtspViewer(id, path, session, reader, clock))
    return reader
  }

  #whatIsMissing(path: string): string {
    const camera = cameraOfPath(path)
    if (!this.#options.directory.find(camera, 'main')) return 'No such camera'
    return parseStreamPath(path) ? 'No sub-stream configured' : 'No such stream, use /CAMERA/main or /CAMERA/sub'
  }

  /** Passes a connection on to the worker that has its camera; not one that was passed on to us. */
  #divert(target: RequestTarget, client: Duplex, received: Buffer, address: ConnectionAddress): boolean {
    const { directory, clock } = this.#options
    const camera = cameraOfPath(target.path)
    const path = this.#peers.get(camera)
    if (path === undefined || directory.find(camera, 'main') || this.#passedOn.has(client)) return false
    this.#spliced.add(client)
    passOn(client, address, received, path, clock, () => this.#spliced.delete(client))
    return true
  }

  #takePassedOn(socket: Socket, from: ProxiedConnection): void {
    this.#passedOn.add(socket)
    this.#server.accept(socket, {
      remote: { address: from.sourceAddress, port: from.sourcePort },
      local: { address: from.destinationAddress, port: from.destinationPort },
    })
  }

  #setPeers(peers: readonly GatewayPeer[]): void {
    this.#peers = new Map(peers.flatMap(({ socket, cameras }) => cameras.map(camera => [camera, socket] as const)))
  }
}

/** A Reason-Phrase is one short line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200)
}
