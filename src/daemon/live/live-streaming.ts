import type { DatabaseSync } from 'node:sqlite'
import type { Credentials, SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import {
  type Doors,
  type IceServer,
  LiveControl,
  LiveService,
  type LiveSite,
  refusal,
  type SessionSource,
  type StreamKey,
  StreamMirror,
  type TokenMaker,
} from '../../streaming/index.ts'
import type { WorkerSupervisor } from '../../supervision/index.ts'
import { DaemonLiveSite } from './daemon-live-site.ts'

/** MediaMTX, as far as live streams are concerned. */
export interface LiveRelay {
  /** Who watches there. */
  readonly source: SessionSource
  /** Where it serves viewers; undefined while it does not. */
  doors(): Doors['mediamtx']
  /** For viewers by WebRTC. */
  iceServers(): Promise<readonly IceServer[]>
}

export interface LiveStreamingOptions {
  /** The registry of live streams, opened. */
  readonly database: DatabaseSync
  readonly supervisor: WorkerSupervisor
  readonly tokens: TokenMaker
  /** The configuration that holds now. */
  readonly config: () => SiteConfig
  /** Reads a password. Rejects with VMS_E_SECRET_UNAVAILABLE. */
  readonly resolveSecret: (credentials: Credentials) => Promise<string>
  readonly relay: LiveRelay
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}

/** Live streams within the daemon: made of the parts of src/streaming, and led with the daemon's life. */
export class LiveStreaming {
  readonly service: LiveService
  readonly #control: LiveControl
  readonly #mirror: StreamMirror
  readonly #config: () => SiteConfig

  constructor(options: LiveStreamingOptions) {
    const { database, supervisor, tokens, config, relay, clock, log, random } = options
    this.#config = config
    const site: LiveSite = new DaemonLiveSite(config, supervisor, () => relay.doors())
    const cameras = () => config().cameras.map(({ id }) => id)
    this.#mirror = new StreamMirror({ clock, log, cameras, password: options.resolveSecret })
    const plane = supervisor.live()
    const sources = [relay.source]
    this.#control = new LiveControl({ site, plane, sources, database, mirror: this.#mirror, clock, log })
    const iceServers = () => relay.iceServers()
    this.service = new LiveService({ site, control: this.#control, tokens, iceServers, clock, log, random })
  }

  /** Once the workers have been told of their cameras. */
  start(): void {
    this.configured()
    this.#control.start()
  }

  /** The configuration is another. */
  configured(): void {
    void this.#mirror.configure(this.#config().registry)
  }

  /** People at each camera now, those who are expected too. */
  viewers(): ReadonlyMap<string, number> {
    const people = new Map<string, Set<string>>()
    for (const { camera, user } of this.service.viewers())
      people.set(camera, (people.get(camera) ?? new Set()).add(user))
    return new Map([...people].map(([camera, users]) => [camera, users.size]))
  }

  /** Why a user may not watch a stream as well; undefined where it may. */
  refuses(user: string, key: StreamKey): string | undefined {
    return refusal({ ...key, user, bitrate: 0 }, this.service.viewers(), this.#config().viewing.limits)
  }

  /** Ends our own work; what is up stays with the workers, for the daemon that comes next or until it has lingered. */
  end(): Promise<void> {
    return this.#control.end()
  }
}
