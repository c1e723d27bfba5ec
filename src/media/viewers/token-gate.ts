import { type AccessRules, type Grant, type TokenFault, type TokenRefusal, verifyToken } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'

const NONE: AccessRules = { keys: [], revoked: [] }

/** Judges tokens by the rules that the daemon told last; before that, none holds. */
export class TokenGate {
  readonly #clock: Clock
  #rules = NONE
  #revoked: ReadonlySet<string> = new Set()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  apply(rules: AccessRules): void {
    this.#rules = rules
    this.#revoked = new Set(rules.revoked)
  }

  /** See {@link verifyToken}. */
  verify(token: string): Promise<Grant | TokenRefusal> {
    return verifyToken(token, this.#rules, this.#clock.wall())
  }

  /** Why a grant that was given does not hold any more; undefined while it does. */
  faultOf({ jti, expires }: Grant): TokenFault | undefined {
    if (this.#revoked.has(jti)) return 'revoked'
    return this.#clock.wall() >= expires ? 'expired' : undefined
  }
}
