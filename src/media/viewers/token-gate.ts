import {
  type AccessRules,
  type Grant,
  isRefusal,
  type TokenFault,
  type TokenRefusal,
  verifyToken,
} from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'

const NONE: AccessRules = { keys: [], revoked: [] }

/** Tokens whose signature need not be checked again. */
const REMEMBERED = 1_000

/**
 * Judges tokens by the rules that the daemon told last; before that, none holds. An HLS player sends its token eight times a
 * second: its signature is checked once, its time and whether it was taken back every time.
 */
export class TokenGate {
  readonly #clock: Clock
  #rules = NONE
  #revoked: ReadonlySet<string> = new Set()
  #known = new Map<string, Grant>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  apply(rules: AccessRules): void {
    this.#rules = rules
    this.#revoked = new Set(rules.revoked)
    this.#known = new Map()
  }

  /** See {@link verifyToken}. */
  async verify(token: string): Promise<Grant | TokenRefusal> {
    const known = this.#known
    const grant = known.get(token)
    if (grant) {
      const fault = this.faultOf(grant)
      return fault === undefined ? grant : { fault }
    }
    const answer = await verifyToken(token, this.#rules, this.#clock.wall())
    // Rules that changed meanwhile decide anew.
    if (known !== this.#known) return this.verify(token)
    if (isRefusal(answer)) return answer
    // Within the leeway for another machine's clock: whoever came in would be sent away in a moment.
    const fault = this.faultOf(answer)
    if (fault !== undefined) return { fault }
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value!)
    known.set(token, answer)
    return answer
  }

  /** Why a grant that was given does not hold any more; undefined while it does. */
  faultOf({ jti, expires }: Grant): TokenFault | undefined {
    if (this.#revoked.has(jti)) return 'revoked'
    return this.#clock.wall() >= expires ? 'expired' : undefined
  }
}
