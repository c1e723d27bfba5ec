import type { DatabaseSync } from 'node:sqlite'
import { formatAddress, reachableHere } from '../../config/listen-address.ts'
import type { Credentials, SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { TokenGate } from '../../media/viewers/index.ts'
import type { Doors, IceServer, SessionSource, StreamKey } from '../../streaming/index.ts'
import { admissionTable } from '../../streaming/mediamtx/auth/admission-table.ts'
import { Admissions } from '../../streaming/mediamtx/auth/admissions.ts'
import type { RelayServer } from '../../streaming/mediamtx/relay-server.ts'
import { PacedLoop } from '../../streaming/paced-loop.ts'
import type { WorkerSupervisor } from '../../supervision/index.ts'
import type { LiveRelay } from '../live/live-streaming.ts'
import type { RelayReport } from '../types.ts'
import type { WebRtcRelay } from '../viewing/viewing-desk.ts'
import { type OpenedRelay, openRelay } from './open-relay.ts'
import { RelaySource } from './relay-source.ts'
import { reportRelay } from './report.ts'
import { Tickets } from './tickets.ts'

export interface RelayHostOptions {
  /** Directory of its files. */
  readonly dir: string
  /** The registry of live streams, opened. */
  readonly database: DatabaseSync
  /** The configuration that holds now. */
  readonly config: () => SiteConfig
  readonly supervisor: WorkerSupervisor
  readonly tokens: TokenGate
  /** Why somebody may not watch a stream as well; undefined where it may. */
  readonly refuses: (user: string, stream: StreamKey) => string | undefined
  /** Reads a password. Rejects with VMS_E_SECRET_UNAVAILABLE. */
  readonly resolveSecret: (credentials: Credentials) => Promise<string>
  readonly clock: Clock
  readonly random: () => number
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** Milliseconds between two looks at whether the MediaMTX that there is is the one that is wanted. */
const PACE = 1_000
/** Until it is tried again, where none is found or something is in its way. */
const RETRY = 10_000

/** What holds of a site for the MediaMTX that there is. */
interface Held extends OpenedRelay {
  /** The section of vms.yaml that it was opened for. */
  readonly section: string
  config: SiteConfig
  gateway: string
  /** It did not run when it was told of its cameras last. */
  behind: boolean
}

/** MediaMTX within the daemon: found, answered, run or attached to, and told of the cameras, as the configuration wants it. */
export class RelayHost implements LiveRelay {
  readonly source: SessionSource
  readonly #options: RelayHostOptions
  readonly #admissions: Admissions
  readonly #tickets: Tickets
  readonly #loop: PacedLoop
  #held: Held | undefined
  #trouble: string | null = null
  #tryAt = Number.NEGATIVE_INFINITY

  constructor(options: RelayHostOptions) {
    const { database, tokens, clock, log } = options
    this.#options = options
    this.#admissions = new Admissions(admissionTable(database))
    this.#tickets = new Tickets(clock)
    this.source = new RelaySource({ relay: () => this.#running, tokens, now: () => clock.wall(), log })
    const round = () => this.#follow()
    this.#loop = new PacedLoop(clock, log, round, () => PACE)
  }

  /** Once the workers have been told of their cameras, and whenever the configuration is another. Does not wait for MediaMTX. */
  configured(): void {
    this.#tryAt = Number.NEGATIVE_INFINITY
    void this.#loop.run()
  }

  /** Ends a MediaMTX of ours: without a daemon nobody could be let in, or sent away. */
  async end(): Promise<void> {
    await this.#loop.end()
    await this.#close()
  }

  report(): RelayReport | null {
    return reportRelay(this.#options.config().mediamtx, this.#held?.relay, this.#trouble)
  }

  /** What keeps it from serving, for people. */
  notes(): string[] {
    const trouble = this.report()?.trouble ?? null
    return trouble === null ? [] : [`MediaMTX does not serve viewers: ${trouble}`]
  }

  doors(): Doors['mediamtx'] {
    return this.#running?.doors
  }

  iceServers(): Promise<readonly IceServer[]> {
    const { config, resolveSecret } = this.#options
    return Promise.all(
      config().mediamtx.iceServers.map(async ({ url, credentials }) =>
        credentials
          ? { urls: url, username: credentials.username, credential: await resolveSecret(credentials) }
          : { urls: url },
      ),
    )
  }

  /** Who offers WebRTC to the watch page; undefined while nobody does. */
  page(): WebRtcRelay | undefined {
    const webrtc = this.doors()?.webrtc
    if (webrtc === undefined) return undefined
    const origin = `http://${reachableHere(webrtc)}`
    return {
      whepUrl: (camera, stream) => `${origin}/${stream === 'main' ? 'main' : 'live'}/${camera}/whep`,
      ticket: camera => this.#tickets.give(camera),
      iceServers: () => this.iceServers(),
    }
  }

  get #running(): RelayServer | undefined {
    const relay = this.#held?.relay
    return relay?.status.state === 'running' ? relay : undefined
  }

  async #follow(): Promise<void> {
    const config = this.#options.config()
    const section = JSON.stringify(config.mediamtx)
    if (this.#held && this.#held.section !== section) await this.#close()
    const gateway = this.#gateway(config)
    if (this.#held) await this.#bringUp(this.#held, config, gateway ?? this.#held.gateway)
    else if (gateway === undefined) await this.#options.supervisor.refresh(PACE, PACE)
    else if (this.#options.clock.monotonic() >= this.#tryAt) await this.#open(config, section, gateway)
  }

  async #open(config: SiteConfig, section: string, gateway: string): Promise<void> {
    const { clock, log } = this.#options
    const { run, attach, program } = config.mediamtx
    const before = this.#trouble
    this.#tryAt = clock.monotonic() + RETRY
    this.#trouble = null
    if (run === 'never' && !attach) return
    try {
      const opened = await openRelay(config, gateway, this.#parts())
      if (opened) this.#held = { ...opened, section, config, gateway, behind: false }
      else if (run === 'always') this.#trouble = notFound(program)
    } catch (error) {
      this.#trouble = messageOf(error)
    }
    if (this.#trouble !== null && this.#trouble !== before)
      log.error({ relay: 'mediamtx' }, `MediaMTX does not run: ${this.#trouble}`)
  }

  #parts() {
    const { dir, tokens, refuses, clock, random, env, log } = this.#options
    return {
      dir,
      admissions: this.#admissions,
      verify: async (token: string) => this.#tickets.grant(token) ?? tokens.verify(token),
      refuses: ({ user }: { readonly user: string }, stream: StreamKey) => refuses(user, stream),
      ...{ clock, random, env, log },
    }
  }

  /** Tells it of the cameras; while it does not run that waits. */
  async #bringUp(held: Held, config: SiteConfig, gateway: string): Promise<void> {
    const runs = held.relay.status.state === 'running'
    const same = held.config === config && held.gateway === gateway
    if (same && !(held.behind && runs)) return
    held.config = config
    held.gateway = gateway
    held.behind = true
    try {
      await held.relay.reconfigure(config, { gateway, auth: held.port })
      held.behind = !runs
    } catch (error) {
      this.#options.log.warn({ relay: 'mediamtx', reason: messageOf(error) }, 'MediaMTX was not told of the cameras')
    }
  }

  async #close(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.close()
  }

  /** Where our gateway listens; undefined while that cannot be told. */
  #gateway({ gateway }: SiteConfig): string | undefined {
    const listening = this.#options.supervisor.views().flatMap(({ status }) => status?.gateway.listening ?? [])[0]
    return listening ?? (gateway.port === 0 ? undefined : formatAddress(gateway))
  }
}

function notFound(program: string): string {
  const where = program.includes('/') ? `${program} is no program` : `${program} is not found on PATH`
  return `${where}; https://github.com/bluenviron/mediamtx/releases has it, and mediamtx: { program: PATH } says where it is`
}
