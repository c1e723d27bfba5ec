/** A site's configuration after loading: defaults filled in, ranges spread out, groups resolved. Passwords stay references. */
export interface SiteConfig {
  /** Absolute path of the file it came from. */
  readonly file: string
  readonly site: { readonly name: string; readonly timezone: string }
  readonly storage: StorageConfig
  readonly gateway: GatewayConfig
  readonly limits: LimitsConfig
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
}

export interface GatewayConfig {
  readonly host: string
  readonly port: number
  /** Needed when `host` is not loopback. */
  readonly credentials: Credentials | undefined
  /** Milliseconds; 30 000 by default. */
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
  /** Whether a daemon records it when nobody said start or stop. */
  readonly record: boolean
  /** file:line:column of the entry, for messages. */
  readonly place: string
}

export interface StreamConfig {
  /** Without user info. */
  readonly url: string
  readonly credentials: Credentials | undefined
  readonly verifyTls: boolean
}
