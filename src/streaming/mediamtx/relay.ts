import { createHash, randomBytes } from 'node:crypto'
import type { Hono } from 'hono'
import { networkMatcher, resolveSecret, type SiteConfig } from '../../config/index.ts'
import { formatAddress } from '../../config/listen-address.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { StreamKey } from '../types.ts'
import { RelayClient } from './api/client.ts'
import type { Admissions } from './auth/admissions.ts'
import { type AuthRules, OWN_USER, type TokenGrant } from './auth/judge.ts'
import { authRoute } from './auth/route.ts'
import { applyDiff, runningConfig } from './change/apply.ts'
import { diffRelay, type RelayDiff } from './change/diff.ts'
import { plannedConfig } from './change/relay-config.ts'
import type { RelayProgram } from './find-program.ts'
import type { RelayDoors, RelayServer } from './relay-server.ts'
import { RelaySessions } from './relay-sessions.ts'
import { passwordVariable } from './render/blocks.ts'
import { type Listening, planRelay, type RelayPath, type RelayPlan } from './render/plan.ts'
import { renderRelay } from './render/render.ts'
import { RelayProcess, type RelayStatus } from './run/relay-process.ts'
import { knownVersion, NEWEST_KNOWN } from './version.ts'

export interface RelayOptions {
  readonly site: SiteConfig
  readonly program: RelayProgram
  /** Where its configuration file and record are kept. */
  readonly dir: string
  readonly listening: Listening
  readonly admissions: Admissions
  readonly verify: AuthRules['verify']
  /** Why somebody may not watch a stream as well; see AuthRules. */
  readonly refuses?: ((grant: TokenGrant, stream: StreamKey) => string | undefined) | undefined
  readonly clock: Clock
  readonly random: () => number
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** A MediaMTX of our own: the process, its API, who watches there, and the answers to its questions. */
export class Relay implements RelayServer {
  /** To be served where `mediamtx.auth` says, before `start`. */
  readonly auth: Hono
  readonly sessions: RelaySessions
  /** What is not known of its version. */
  readonly notes: readonly string[]
  readonly #options: RelayOptions
  readonly #client: RelayClient
  readonly #process: RelayProcess
  #listening: Listening
  #plan: RelayPlan
  #paths: ReadonlyMap<string, RelayPath>

  private constructor(options: RelayOptions, secrets: Readonly<Record<string, string>>) {
    const { site, program, clock, log, listening, admissions } = options
    const { version, note } = knownVersion(program.version ?? NEWEST_KNOWN)
    this.notes =
      program.version === undefined
        ? [`${program.path} does not say its version: taken for ${version}`]
        : note === undefined
          ? []
          : [note]
    this.#options = options
    this.#listening = listening
    this.#plan = planRelay(site, version, listening)
    this.#paths = pathsOf(this.#plan)
    const secret = randomBytes(24).toString('base64url')
    const { settings } = this.#plan
    this.#client = new RelayClient({
      origin: `http://${settings.api.host.includes(':') ? `[${settings.api.host}]` : settings.api.host}:${settings.api.port}`,
      login: { user: OWN_USER, password: secret },
    })
    this.auth = authRoute(() => this.#rules(secret), admissions, log)
    const streamOf = (path: string) => {
      const found = this.#paths.get(path)
      return found && { camera: found.camera, stream: found.stream }
    }
    this.sessions = new RelaySessions({ client: this.#client, admissions, streamOf, now: () => clock.wall() })
    this.#process = new RelayProcess({
      ...options,
      program: program.path,
      configuration: () => renderRelay(this.#plan),
      fingerprint: fingerprintOf(this.#plan, program, secrets),
      takenOver: () => this.#bringUp(),
      settings,
      secrets,
      ready: () => this.#client.version(),
    })
  }

  /** Reads the passwords of ICE servers. Throws VMS_E_SECRET_UNAVAILABLE. */
  static async open(options: RelayOptions): Promise<Relay> {
    const secrets: Record<string, string> = {}
    for (const [index, { credentials }] of options.site.mediamtx.iceServers.entries())
      if (credentials) secrets[passwordVariable(index)] = await resolveSecret(credentials.password, options.env)
    return new Relay(options, secrets)
  }

  get status(): RelayStatus {
    return this.#process.status
  }

  get version(): string | undefined {
    return this.#options.program.version
  }

  get doors(): RelayDoors {
    const { host, ports } = this.#plan.settings
    const door = (port: number) => (port === 0 ? undefined : formatAddress({ host, port }))
    return { rtsp: door(ports.rtsp), webrtc: door(ports.webrtc), hls: door(ports.hls), rtmp: door(ports.rtmp) }
  }

  start(): void {
    for (const note of this.notes) this.#options.log.warn({ relay: 'mediamtx' }, note)
    this.#process.start()
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }

  /**
   * Takes up the cameras of another site whose section `mediamtx` is the same, path by path: viewers of other cameras notice nothing. Where
   * MediaMTX does not run now, it gets them with its file at the next start. Throws VMS_E_RELAY, VMS_E_TIMEOUT.
   */
  async reconfigure(site: SiteConfig, listening = this.#listening): Promise<RelayDiff | undefined> {
    this.#listening = listening
    this.#plan = planRelay(site, this.#plan.version, listening)
    this.#paths = pathsOf(this.#plan)
    return this.status.state === 'running' ? this.#bringUp() : undefined
  }

  /** Brings the running one to the plan. */
  async #bringUp(): Promise<RelayDiff> {
    const wanted = plannedConfig(this.#plan)
    const diff = diffRelay(wanted, await runningConfig(this.#client), this.#plan.version)
    await applyDiff(this.#client, wanted, diff, { server: false })
    return diff
  }

  #rules(secret: string): AuthRules {
    const { settings } = this.#plan
    return {
      secret,
      allowsAddress: networkMatcher(settings.networks),
      cameraOf: path => this.#paths.get(path)?.camera,
      verify: this.#options.verify,
      refuses: (grant, path) => {
        const stream = this.#paths.get(path)
        return stream && this.#options.refuses?.(grant, stream)
      },
    }
  }
}

/** Of everything but the paths, which the API changes. It stands in a file of this user's, who may read the process's environment too. */
function fingerprintOf(plan: RelayPlan, program: RelayProgram, secrets: Readonly<Record<string, string>>): string {
  const all = [program.path, program.version ?? '', renderRelay({ ...plan, paths: [] }), JSON.stringify(secrets)]
  return createHash('sha256').update(all.join('\0')).digest('base64url')
}

function pathsOf(plan: RelayPlan): ReadonlyMap<string, RelayPath> {
  return new Map(plan.paths.map(path => [path.name, path]))
}
