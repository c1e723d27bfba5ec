import { randomBytes } from 'node:crypto'
import type { Hono } from 'hono'
import { networkMatcher, resolveSecret, type SiteConfig } from '../../config/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { RelayClient } from './api/client.ts'
import { Admissions } from './auth/admissions.ts'
import { type AuthRules, OWN_USER } from './auth/judge.ts'
import { authRoute } from './auth/route.ts'
import { applyDiff, runningConfig } from './change/apply.ts'
import { diffRelay, type RelayDiff } from './change/diff.ts'
import { plannedConfig } from './change/relay-config.ts'

import type { RelayProgram } from './find-program.ts'
import { RelaySessions } from './relay-sessions.ts'
import { passwordVariable } from './render/blocks.ts'
import { type ListeningPorts, planRelay, type RelayPath, type RelayPlan } from './render/plan.ts'
import { renderRelay } from './render/render.ts'
import { RelayProcess, type RelayStatus } from './run/relay-process.ts'
import { knownVersion, NEWEST_KNOWN } from './version.ts'

export interface RelayOptions {
  readonly site: SiteConfig
  readonly program: RelayProgram
  /** Where its configuration file and record are kept. */
  readonly dir: string
  readonly ports: ListeningPorts
  readonly verify: AuthRules['verify']
  readonly clock: Clock
  readonly random: () => number
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** A MediaMTX of our own: the process, its API, who watches there, and the answers to its questions. */
export class Relay {
  /** To be served where `mediamtx.auth` says, before `start`. */
  readonly auth: Hono
  readonly sessions: RelaySessions
  /** What is not known of its version; undefined where all is. */
  readonly note: string | undefined
  readonly #options: RelayOptions
  readonly #client: RelayClient
  readonly #process: RelayProcess
  #plan: RelayPlan
  #paths: ReadonlyMap<string, RelayPath>

  private constructor(options: RelayOptions, secrets: Readonly<Record<string, string>>) {
    const { site, program, clock, log } = options
    const { version, note } = knownVersion(program.version ?? NEWEST_KNOWN)
    this.note = program.version === undefined ? `${program.path} does not say its version: taken for ${version}` : note
    this.#options = options
    this.#plan = planRelay(site, version, options.ports)
    this.#paths = pathsOf(this.#plan)
    const secret = randomBytes(24).toString('base64url')
    const { settings } = this.#plan
    this.#client = new RelayClient({
      origin: `http://${settings.api.host.includes(':') ? `[${settings.api.host}]` : settings.api.host}:${settings.api.port}`,
      login: { user: OWN_USER, password: secret },
    })
    const admissions = new Admissions()
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

  start(): void {
    if (this.note !== undefined) this.#options.log.warn({ relay: 'mediamtx' }, this.note)
    this.#process.start()
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }

  /**
   * Takes up the cameras of another site whose section `mediamtx` is the same, path by path: viewers of other cameras notice nothing. Where
   * MediaMTX does not run now, it gets them with its file at the next start. Throws VMS_E_RELAY, VMS_E_TIMEOUT.
   */
  async reconfigure(site: SiteConfig): Promise<RelayDiff | undefined> {
    this.#plan = planRelay(site, this.#plan.version, this.#options.ports)
    this.#paths = pathsOf(this.#plan)
    if (this.status.state !== 'running') return undefined
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
    }
  }
}

function pathsOf(plan: RelayPlan): ReadonlyMap<string, RelayPath> {
  return new Map(plan.paths.map(path => [path.name, path]))
}
