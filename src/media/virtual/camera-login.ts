import { ServerAuthenticator, type ServerAuthOptions } from '../../wire/rtsp/index.ts'

/** What a camera asks for: newer ones Digest with SHA-256 or MD5, most Digest with MD5 only, some Basic only. */
export type LoginScheme = 'digest' | 'digest-md5' | 'basic'

/** The login of a camera that offers one scheme only. */
export class CameraLogin extends ServerAuthenticator {
  readonly #scheme: LoginScheme

  constructor(scheme: LoginScheme, options: ServerAuthOptions) {
    super({ ...options, basic: scheme === 'basic' })
    this.#scheme = scheme
  }

  override challenges(stale = false): string[] {
    const lines = super.challenges(stale)
    if (this.#scheme === 'digest') return lines
    return lines.filter(line => (this.#scheme === 'basic' ? line.startsWith('Basic') : line.includes('algorithm=MD5')))
  }
}
