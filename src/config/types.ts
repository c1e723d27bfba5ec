/** A site's configuration after loading: defaults filled in, ranges spread out, groups resolved. Passwords stay references. */
export interface SiteConfig {
  /** Absolute path of the file it came from. */
  readonly file: string
  readonly site: { readonly name: string; readonly timezone: string }
  readonly storage: StorageConfig
  readonly gateway: GatewayConfig
  readonly limits: LimitsConfig
  readonly retention: SiteRetention
  readonly alarms: AlarmsConfig
  readonly viewing: ViewingConfig
  /** Redis that is told of the streams that run; undefined for none. */
  readonly registry: RegistryConfig | undefined
  readonly mediamtx: MediaMtxConfig
  /** In the order of the file, ranges spread out. Ids are unique. */
  readonly cameras: readonly CameraConfig[]
}

export interface StorageConfig {
  /** Absolute; relative paths in the file count from the file's directory. */
  readonly path: string
  /** Milliseconds, 1 000 to 3 600 000; 180 000 by default. */
  readonly segment: number
  readonly names: 'utc' | 'local'
  /** Milliseconds between two fdatasync of an open segment, 0 for never; 30 000 by default. */
  readonly sync: number
  /** Bytes that may wait for the disk, whole node; 512 MB by default. */
  readonly memory: number
  readonly headroom: HeadroomConfig
  /** Which camera gives first when room is made; `oldest-first` by default. */
  readonly policy: GivingPolicy
}

/** How long the cameras can go on writing before the disk is full, at the bit rate measured. Milliseconds. */
export interface HeadroomConfig {
  /** Below this people are told; 24 h by default. */
  readonly warn: number
  /** Below this the oldest footage is deleted; 4 h by default. */
  readonly delete: number
  /** Footage as young as this is never deleted; 1 h by default. */
  readonly protect: number
}

/** Who gives first: whose footage is oldest; whose priority is lowest; who has most hours recorded. */
export type GivingPolicy = 'oldest-first' | 'by-priority' | 'fair-by-days'

/** How long footage of a camera is kept. */
export interface CameraRetention {
  /** Milliseconds after which footage goes, and for which it is promised; null for as long as there is room. */
  readonly age: number | null
  /** Bytes that a camera may take; null for no limit. */
  readonly quota: number | null
  /** 1 to 100; 50 by default. By priority, the lowest gives first. */
  readonly priority: number
}

export interface SiteRetention {
  /** What holds for footage of cameras that are not configured any more. */
  readonly defaults: CameraRetention
  /** Bytes that all cameras of a group may take together. */
  readonly groups: readonly { readonly group: string; readonly quota: number }[]
}

export interface GatewayConfig {
  readonly host: string
  readonly port: number
  /** A login for every camera. Without one, viewers from elsewhere need a token. */
  readonly credentials: Credentials | undefined
  /** Milliseconds that streams outlive their last reader where their camera does not say; 30 000 by default. */
  readonly linger: number
}

export interface LimitsConfig {
  /** New camera connections a second, whole node; 10 by default. */
  readonly connectsPerSecond: number
  /** Connections being set up at once to one host and port; 4 by default. */
  readonly connectsPerHost: number
  /** Media worker processes; `auto` is by cores and cameras. */
  readonly workers: number | 'auto'
}

/** Who may watch, and for how long one counts as there. */
export interface ViewingConfig {
  /** Where HLS and the watch page are served, 127.0.0.1:8655 by default; undefined: nowhere. Beyond loopback tokens are needed. */
  readonly listen: { readonly host: string; readonly port: number } | undefined
  /** Milliseconds that a viewer counts who is not seen to watch; 30 000 by default. */
  readonly lease: number
  /** Milliseconds that the history of viewing is kept; 90 days by default. */
  readonly history: number
  readonly limits: ViewingLimits
}

export interface ViewingLimits {
  /** People at one stream; 500 by default. */
  readonly viewersPerStream: number
  /** Streams that one person watches at once; 16 by default. */
  readonly viewersPerUser: number
  /** Bit/s to all viewers together; 500 Mbps by default. */
  readonly bandwidth: number
}

export interface RegistryConfig {
  /** `redis:` or `rediss:`, without user info. */
  readonly url: string
  readonly credentials: Credentials | undefined
}

/** When somebody is told, and who. A limit of 0 is never. */
export interface AlarmsConfig {
  /** Milliseconds without a recorded second of a wanted camera; 60 000 by default. */
  readonly notRecorded: number
  /** Percent of the last hour, 0 to 100; 99 by default. */
  readonly coverage: number
  /** Milliseconds until the disk is full; 24 h by default. */
  readonly headroom: number
  /** Milliseconds until an alarm that lasts is told again; 6 h by default. */
  readonly remind: number
  readonly targets: readonly AlarmTarget[]
}

/** One way to tell of alarms. `timeout` is that of one try, milliseconds. */
export type AlarmTarget =
  | { readonly kind: 'journal'; readonly name: string }
  | { readonly kind: 'command'; readonly name: string; readonly argv: readonly string[]; readonly timeout: number }
  | {
      readonly kind: 'webhook'
      readonly name: string
      /** May hold a secret in its path: for people only its origin is shown. */
      readonly url: string
      readonly key: SecretReference | undefined
      readonly timeout: number
    }

/** MediaMTX, which serves viewers by WebRTC, HLS, RTMP and RTSP beside our own gateway. */
export interface MediaMtxConfig {
  /** `auto`: when it is found. `never` where `attach` says which one runs. */
  readonly run: 'auto' | 'always' | 'never'
  /** An absolute path, or a name to be looked for on PATH; `mediamtx` by default. */
  readonly program: string
  /** Of the control API of ours; on loopback. */
  readonly api: { readonly host: string; readonly port: number }
  /** A running one, not ours to start and stop. */
  readonly attach: { readonly url: string; readonly credentials: Credentials | undefined } | undefined
  /** Where the daemon answers MediaMTX's questions; on loopback. Port 0 is any free one. */
  readonly auth: { readonly host: string; readonly port: number }
  /** Where viewers' ports listen. */
  readonly host: string
  /** 0 is off. */
  readonly ports: MediaMtxPorts
  /** `segments` are 6 of 2 s. */
  readonly hls: 'low-latency' | 'segments'
  /** Addresses and host names at which browsers reach this machine, besides its own. */
  readonly webrtcHosts: readonly string[]
  readonly iceServers: readonly IceServer[]
  /** Networks that viewers may come from, as CIDR; none is any. */
  readonly networks: readonly string[]
}

export interface MediaMtxPorts {
  readonly rtsp: number
  readonly webrtc: number
  /** UDP; the others are TCP. */
  readonly webrtcUdp: number
  readonly hls: number
  readonly rtmp: number
}

export interface IceServer {
  /** `stun:`, `turn:` or `turns:`, then host:port. */
  readonly url: string
  readonly credentials: Credentials | undefined
}

export interface Credentials {
  readonly username: string
  readonly password: SecretReference
}

/** Where a password stands. `inline` is one from inside a URL or the file: it works, and earns a warning. */
export type SecretReference =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'systemd'; readonly name: string }
  | { readonly kind: 'inline'; readonly value: string }

export interface CameraConfig {
  /** Letters, digits, `-`, `_`, `.`; 1 to 64; safe as file name and URL part. */
  readonly id: string
  readonly group: string | undefined
  readonly main: StreamConfig
  readonly sub: StreamConfig | undefined
  readonly engine: 'native' | 'ffmpeg'
  /** Whether a daemon records it when nobody said start or stop: always, never, or by the clock. */
  readonly record: boolean | ScheduleConfig
  /** Whether its stream for viewers runs while nobody watches: always, never, or by the clock. */
  readonly prewarm: boolean | ScheduleConfig
  readonly retention: CameraRetention
  /** Milliseconds that its streams outlive their last reader. */
  readonly linger: number
  /** file:line:column of the entry, for messages. */
  readonly place: string
}

/** Windows of time in which something is so; see schedule/window.ts. They are without faults, and at least one. */
export interface ScheduleConfig {
  readonly schedule: readonly string[]
}

export interface StreamConfig {
  /** Without user info. */
  readonly url: string
  readonly credentials: Credentials | undefined
  readonly verifyTls: boolean
}
