import { AccessStore, TokenDesk } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { TokenMaker } from '../../streaming/index.ts'

export interface ViewerTokensOptions {
  /** File of the access store, and directory of the private keys. */
  readonly access: string
  readonly keys: string
  readonly clock: Clock
  /** The workers are to be told: whoever has a token comes at once, and whoever has none any more is to go. */
  readonly changed: () => void
}

/** Who gives out a token that the daemon makes; what `token list` says. */
const BY = 'viewer connect'

/** Tokens of viewers, from the same desk as those of `vmsctl token`. */
export class ViewerTokens implements TokenMaker {
  readonly #options: ViewerTokensOptions

  constructor(options: ViewerTokensOptions) {
    this.#options = options
  }

  async make(user: string, camera: string, life: number, note: string | null) {
    const { clock, changed } = this.#options
    using store = this.#open()
    const now = Math.round(clock.wall())
    const made = await new TokenDesk(store, this.#options.keys).issue(
      { user, cameras: [camera], life, note, by: BY },
      now,
    )
    changed()
    return made
  }

  async revoke(id: string, by: string): Promise<void> {
    using store = this.#open()
    new TokenDesk(store, this.#options.keys).revoke({ ids: [id] }, Math.round(this.#options.clock.wall()), by)
    this.#options.changed()
  }

  #open(): AccessStore {
    return new AccessStore(this.#options.access)
  }
}
