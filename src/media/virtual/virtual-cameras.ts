import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Clock, systemClock, type Timer } from '../../kernel/clock.ts'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import { formatBitRate } from '../../kernel/units.ts'
import type { StreamRole } from '../frame.ts'
import { type Refusal, type RequestTarget, RtspServer } from '../rtsp-server/index.ts'
import { CameraLogin } from './camera-login.ts'
import { checkOptions } from './check-options.ts'
import { matches, type PlannedFault } from './fault.ts'
import { type FaultChange, FaultSchedule } from './fault-schedule.ts'
import { cameraIds, DEFAULT_OPTIONS, type VirtualCamerasOptions } from './options.ts'
import type { SentSession } from './send-ledger.ts'
import { loadMedia, type StreamMedia } from './stream-media.ts'
import { VirtualStream } from './virtual-stream.ts'

/** Milliseconds between two looks at what is due: well below a frame interval, seldom enough to cost nothing. */
const TICK = 5
/** A load test has more clients than a camera. */
const CONNECTION_LIMIT = 50_000
/** Bit rates that are nearer than this to what was asked are as asked: frames have whole bytes. */
const BITRATE_TOLERANCE = 1.001
/** Turns of the golden ratio spread any number of cameras evenly over a group of pictures. */
const GOLDEN = 0.6180339887498949

/** Where a virtual camera can be reached. */
export interface VirtualCameraUrls {
  readonly id: string
  readonly main: string
  readonly sub: string | undefined
}

/** What one stream has sent, for comparing with what was recorded. */
export interface StreamSendings {
  readonly camera: string
  readonly stream: StreamRole
  /** As in the marks of its frames. */
  readonly run: string
  readonly sessions: readonly SentSession[]
}

export interface VirtualCamerasStatistics {
  readonly streams: readonly StreamSendings[]
  /** Whole frames, and bytes on the wire. */
  readonly frames: number
  readonly bytes: number
  /** Viewers at the moment. */
  readonly viewers: number
}

export interface VirtualCamerasDependencies {
  readonly clock: Clock
  /** Gives a number in [0, 1). */
  readonly random: () => number
  readonly log: Logger
}

/** A set of simulated cameras behind one RTSP server, in this process. */
export class VirtualCameras {
  readonly options: VirtualCamerasOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #log: Logger
  readonly #run = randomBytes(4).toString('hex')
  readonly #streams = new Map<string, VirtualStream>()
  readonly #watched = new Set<VirtualStream>()
  readonly #faults = new FaultSchedule()
  #server: RtspServer | undefined
  #ticker: Timer | undefined
  #start = 0
  #nextFault = Number.POSITIVE_INFINITY
  #url = ''
  #bitrates: { readonly main: number; readonly sub: number | undefined } = { main: 0, sub: undefined }

  constructor(options: Partial<VirtualCamerasOptions>, dependencies: Partial<VirtualCamerasDependencies> = {}) {
    this.options = checkOptions({ ...DEFAULT_OPTIONS, ...options })
    this.#clock = dependencies.clock ?? systemClock
    this.#random = dependencies.random ?? Math.random
    this.#log = dependencies.log ?? silentLogger
  }

  /** `rtsp://127.0.0.1:PORT`, once started. */
  get url(): string {
    return this.#url
  }

  /**
   * Bit/s of the elementary streams, once started: what was asked for, or more where the frames that there are have more by
   * themselves (a file, a key frame in every second place).
   */
  get bitrates(): { readonly main: number; readonly sub: number | undefined } {
    return this.#bitrates
  }

  /** What is not as the options say, once started: one sentence each. */
  get notes(): string[] {
    const { main, sub } = this.options
    const asked = { main, sub: sub ?? 0 }
    return (['main', 'sub'] as const).flatMap(role => {
      const given = this.#bitrates[role] ?? 0
      // Filler makes up for what is missing; nothing takes away what is too much.
      if (given <= asked[role] * BITRATE_TOLERANCE) return []
      return [
        `${role} streams have ${formatBitRate(given)}, not ${formatBitRate(asked[role])}: their pictures alone have more`,
      ]
    })
  }

  get cameras(): VirtualCameraUrls[] {
    return cameraIds(this.options).map(id => ({
      id,
      main: `${this.#url}/${id}/main`,
      sub: this.options.sub === undefined ? undefined : `${this.#url}/${id}/sub`,
    }))
  }

  /** Reads the clips, listens, and starts the cameras' time. Throws VMS_E_USAGE, and VMS_E_REMOTE when it cannot listen. */
  async start(): Promise<{ url: string; port: number }> {
    const { options } = this
    const media = await loadMedia(options)
    this.#bitrates = { main: media.main.video.bitrate, sub: media.sub?.video.bitrate }
    const server = new RtspServer({
      handler: {
        describe: async request => this.#describe(request),
        divert: (target, stream) => this.#refuse(target, stream),
      },
      clock: this.#clock,
      log: this.#log,
      random: this.#random,
      name: 'vmsctl virtual camera',
      limits: { connections: CONNECTION_LIMIT },
    })
    const { credentials, host, tls } = options
    if (credentials) {
      const login = { realm: server.name, credentials, secret: randomBytes(32), clock: this.#clock }
      server.login = new CameraLogin(options.auth, login)
    }
    this.#start = this.#clock.monotonic()
    this.#makeStreams(media)
    try {
      for (const fault of options.faults) this.fault(fault)
      const port = await server.listen({ host, port: options.port, ...(tls ? { tls } : {}) })
      this.#server = server
      this.#url = `${tls ? 'rtsps' : 'rtsp'}://${host.includes(':') ? `[${host}]` : host}:${port}`
      this.#ticker = this.#clock.every(TICK, () => this.#tick())
      return { url: this.#url, port }
    } catch (error) {
      await server.close()
      throw error instanceof VmsError ? error : cannotListen(options, error)
    }
  }

  /** Plans a fault (`at` counts from the start), or begins it. Gives the streams that it means. Throws VMS_E_CAMERA_NOT_FOUND. */
  fault(planned: PlannedFault): string[] {
    const hit = [...this.#streams.values()].filter(stream => matches(planned.target, stream.camera, stream.role))
    if (hit.length === 0) {
      throw new VmsError('VMS_E_CAMERA_NOT_FOUND', `no virtual camera is named ${planned.target.cameras.join(', ')}`, {
        hint: `There are ${this.options.prefix}001 to ${cameraIds(this.options).at(-1)}.`,
      })
    }
    const now = this.#now()
    this.#faults.add(planned, now)
    this.#advanceFaults(now)
    return hit.map(stream => `${stream.camera}/${stream.role}`)
  }

  /** Ends all faults, running and planned, that name a camera like `pattern` (`*`: all of them). */
  clear(pattern: string): void {
    for (const change of this.#faults.clear(pattern)) this.#apply(change)
    this.#nextFault = this.#faults.next ?? Number.POSITIVE_INFINITY
  }

  statistics(): VirtualCamerasStatistics {
    const streams = [...this.#streams.values()].map(({ camera, role, ledger }) => ({
      camera,
      stream: role,
      run: this.#run,
      sessions: ledger.sessions,
    }))
    const sessions = streams.flatMap(stream => stream.sessions)
    return {
      streams,
      frames: sessions.reduce((sum, session) => sum + session.frames, 0),
      bytes: sessions.reduce((sum, session) => sum + session.bytes, 0),
      viewers: sessions.filter(session => session.ended === null).length,
    }
  }

  /** Closes all connections and the port. */
  async stop(): Promise<void> {
    this.#ticker?.cancel()
    await this.#server?.close()
    this.#server = undefined
  }

  #makeStreams(media: { main: StreamMedia; sub: StreamMedia | undefined }): void {
    const { count, fps, join } = this.options
    const interval = 1_000 / fps
    const roles: [StreamRole, StreamMedia | undefined][] = [
      ['main', media.main],
      ['sub', media.sub],
    ]
    for (const [index, camera] of cameraIds(this.options).entries()) {
      for (const [role, streamMedia] of roles) {
        if (!streamMedia) continue
        const turn = (index * GOLDEN + (role === 'sub' ? 0.5 : 0)) % 1
        const stream = new VirtualStream({
          camera,
          role,
          media: streamMedia,
          fps,
          join,
          start: this.#start + (interval * index) / count,
          offset: Math.floor(turn * streamMedia.video.frames.length),
          run: this.#run,
          clock: this.#clock,
          random: this.#random,
          watched: (stream, watched) => (watched ? this.#watched.add(stream) : this.#watched.delete(stream)),
        })
        this.#streams.set(`/${camera}/${role}`, stream)
      }
    }
  }

  async #describe(target: RequestTarget): Promise<ReturnType<VirtualStream['present']> | Refusal> {
    const stream = this.#streams.get(target.path)
    if (!stream) return { status: 404, reason: 'Not Found' }
    if (stream.faults.refusing) return { status: 503, reason: 'Service Unavailable' }
    const { answer } = stream.faults
    return answer === undefined ? stream.present() : { status: answer, reason: 'Fault' }
  }

  /** A camera that refuses connections: with one port for all of them it is known by the first request only. */
  #refuse(target: RequestTarget, connection: Duplex): boolean {
    if (!this.#streams.get(target.path)?.faults.refusing) return false
    connection.on('error', () => {})
    if (connection instanceof Socket && this.options.tls === undefined) connection.resetAndDestroy()
    else connection.destroy()
    return true
  }

  #now(): number {
    return this.#clock.monotonic() - this.#start
  }

  /** Frames and faults in the order in which they are due: a machine that lets us wait must not move one past the other. */
  #tick(): void {
    const now = this.#now()
    while (this.#nextFault <= now) {
      this.#send(this.#nextFault)
      this.#advanceFaults(this.#nextFault)
    }
    this.#send(now)
  }

  /** Sends what is due up to `now`, milliseconds since the start. */
  #send(now: number): void {
    for (const stream of this.#watched) stream.tick(this.#start + now)
  }

  #advanceFaults(now: number): void {
    for (const change of this.#faults.advance(now)) this.#apply(change)
    this.#nextFault = this.#faults.next ?? Number.POSITIVE_INFINITY
  }

  #apply({ planned, begins }: FaultChange): void {
    const { kind } = planned.fault
    for (const stream of this.#streams.values()) {
      if (!matches(planned.target, stream.camera, stream.role)) continue
      stream.faults = this.#faults.of(stream.camera, stream.role)
      if (begins && (kind === 'drop' || kind === 'reboot')) stream.dropViewers(`fault: ${kind}`)
    }
    this.#log.info({ fault: kind, cameras: planned.target.cameras.join(','), begins }, 'fault')
  }
}

function cannotListen({ host, port }: VirtualCamerasOptions, error: unknown): VmsError {
  const taken = systemCode(error) === 'EADDRINUSE'
  const hint = taken ? { hint: 'Another program has that port; port 0 takes a free one.' } : {}
  return new VmsError('VMS_E_REMOTE', `cannot listen on ${host}:${port}: ${messageOf(error)}`, {
    ...hint,
    cause: error,
  })
}
