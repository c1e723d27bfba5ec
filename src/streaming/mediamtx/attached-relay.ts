import type { Hono } from 'hono'
import { networkMatcher, type SiteConfig } from '../../config/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { PacedLoop } from '../paced-loop.ts'
import type { RelayClient, RelayObject } from './api/client.ts'
import type { ApiLogin } from './api/request.ts'
import type { Admissions } from './auth/admissions.ts'
import type { AuthRules } from './auth/judge.ts'
import { authRoute } from './auth/route.ts'
import { attachedRelay, attachLogin } from './change/target.ts'
import type { RelayOptions } from './relay.ts'
import type { RelayDoors, RelayServer } from './relay-server.ts'
import { RelaySessions } from './relay-sessions.ts'
import { type Listening, planRelay, type RelayPath } from './render/plan.ts'
import type { RelayStatus } from './run/relay-process.ts'
import { NEWEST_KNOWN } from './version.ts'

export interface AttachedOptions extends Pick<RelayOptions, 'site' | 'listening' | 'verify' | 'refuses'> {
  readonly admissions: Admissions
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly log: Logger
}

/** Milliseconds between two looks at whether it runs, and at what it serves. */
const PERIOD = 5_000

/**
 * A running MediaMTX that `mediamtx.attach` names: looked at, and never changed, started or stopped (`vmsctl mediamtx apply` changes it).
 * Its viewers are known by name where it asks us who may watch.
 */
export class AttachedRelay implements RelayServer {
  readonly auth: Hono
  readonly sessions: RelaySessions
  readonly #options: AttachedOptions
  readonly #client: RelayClient
  readonly #loop: PacedLoop
  #paths: ReadonlyMap<string, RelayPath> = new Map()
  #status: RelayStatus
  version: string | undefined
  notes: readonly string[] = []
  doors: RelayDoors = {}

  private constructor(options: AttachedOptions, client: RelayClient, login: ApiLogin | undefined) {
    const { site, listening, admissions, clock, log } = options
    this.#options = options
    this.#client = client
    this.#plan(site, listening)
    this.auth = authRoute(() => this.#rules(site, login), admissions, log)
    const streamOf = (path: string) => this.#paths.get(path)
    this.sessions = new RelaySessions({ client, admissions, streamOf, now: () => clock.wall() })
    this.#status = { state: 'stopped', pid: null, since: clock.wall(), exits: 0, flapping: false, trouble: null }
    this.#loop = new PacedLoop(
      clock,
      log,
      () => this.#look(),
      () => PERIOD,
    )
  }

  /** Throws VMS_E_SECRET_UNAVAILABLE. */
  static async open(options: AttachedOptions): Promise<AttachedRelay> {
    const { site, env } = options
    const login = await attachLogin(site.mediamtx.attach!, env)
    return new AttachedRelay(options, await attachedRelay(site.mediamtx, env), login)
  }

  get status(): RelayStatus {
    return this.#status
  }

  start(): void {
    this.#set('starting', null)
    void this.#loop.run()
  }

  async stop(): Promise<void> {
    await this.#loop.end()
    this.#set('stopped', null)
  }

  async reconfigure(site: SiteConfig, listening: Listening): Promise<void> {
    this.#plan(site, listening)
    await this.#loop.run()
  }

  #plan(site: SiteConfig, listening: Listening): void {
    const { paths } = planRelay(site, NEWEST_KNOWN, listening)
    this.#paths = new Map(paths.map(path => [path.name, path]))
  }

  async #look(): Promise<void> {
    try {
      this.version = await this.#client.version()
      this.doors = doorsOf(await this.#client.globalConfig(), new URL(this.#options.site.mediamtx.attach!.url).hostname)
      const there = await this.#client.pathConfigs()
      const missing = [...this.#paths.keys()].filter(name => !there.has(name))
      this.notes =
        missing.length === 0
          ? []
          : [`it has no path ${missing[0]}${rest(missing.length - 1)}: \`vmsctl mediamtx apply\` adds what is missing`]
      this.#set('running', null)
    } catch (error) {
      this.doors = {}
      this.#set('waiting', messageOf(error))
    }
  }

  #set(state: RelayStatus['state'], trouble: string | null): void {
    const { log, clock } = this.#options
    if (trouble !== null && trouble !== this.#status.trouble) log.error({ relay: 'mediamtx' }, trouble)
    if (state === 'running' && this.#status.state !== state)
      log.info({ relay: 'mediamtx', version: this.version }, 'MediaMTX answers')
    const since = state === this.#status.state ? this.#status.since : clock.wall()
    this.#status = { ...this.#status, state, trouble, since }
  }

  #rules({ mediamtx }: SiteConfig, login: ApiLogin | undefined): AuthRules {
    const { verify, refuses } = this.#options
    return {
      user: login?.user,
      secret: login?.password,
      allowsAddress: networkMatcher(mediamtx.networks),
      cameraOf: path => this.#paths.get(path)?.camera,
      verify,
      refuses: (grant, path) => {
        const stream = this.#paths.get(path)
        return stream && refuses?.(grant, stream)
      },
    }
  }
}

function rest(count: number): string {
  return count === 0 ? '' : ` and not ${count} more`
}

/** Where it serves viewers, by its own configuration; what it serves with TLS has URLs that only its owner knows. */
function doorsOf(config: RelayObject, host: string): RelayDoors {
  const door = (server: string): string | undefined => {
    const address = config[`${server}Address`]
    const encrypted = config[`${server}Encryption`]
    if (config[server] !== true || typeof address !== 'string' || encrypted === true || encrypted === 'strict')
      return undefined
    const match = /^(.*):(\d{1,5})$/.exec(address)
    if (!match) return undefined
    const [, at, port] = match
    return `${at === '' || at === '0.0.0.0' || at === '[::]' ? host : at}:${port}`
  }
  return { rtsp: door('rtsp'), webrtc: door('webrtc'), hls: door('hls'), rtmp: door('rtmp') }
}
