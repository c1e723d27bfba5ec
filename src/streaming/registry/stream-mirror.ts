import type { RegistryConfig } from '../../config/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { RedisMirror, type StreamProcess } from './redis-mirror.ts'

export interface StreamMirrorOptions {
  readonly clock: Clock
  readonly log: Logger
  /** Cameras of this site. */
  readonly cameras: () => readonly string[]
  /** Reads the password of a login. */
  readonly password: (credentials: NonNullable<RegistryConfig['credentials']>) => Promise<string>
}

/** The mirror that the configuration wants now, if it wants any. Never rejects: no stream waits for Redis. */
export class StreamMirror {
  readonly #options: StreamMirrorOptions
  #mirror: RedisMirror | undefined
  #configured = ''

  constructor(options: StreamMirrorOptions) {
    this.#options = options
  }

  /** Whether anybody wants to be told. */
  get active(): boolean {
    return this.#mirror !== undefined
  }

  /** Takes what the configuration says of it; one that has not changed goes on. */
  async configure(registry: RegistryConfig | undefined): Promise<void> {
    const text = JSON.stringify(registry) ?? ''
    if (text === this.#configured) return
    this.#configured = text
    await this.end()
    if (!registry) return
    const { url, credentials } = registry
    const { password, ...rest } = this.#options
    try {
      const address = { url, username: credentials?.username, password: credentials && (await password(credentials)) }
      if (this.#configured === text) this.#mirror = new RedisMirror({ ...rest, address })
    } catch (error) {
      this.#configured = ''
      this.#options.log.error({ reason: messageOf(error) }, 'the password of Redis cannot be read')
    }
  }

  publish(streams: ReadonlyMap<string, StreamProcess>): void {
    this.#mirror?.publish(streams)
  }

  async end(): Promise<void> {
    const mirror = this.#mirror
    this.#mirror = undefined
    await mirror?.end()
  }
}
