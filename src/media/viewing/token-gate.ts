import { type AccessRules, type Grant, isRefusal, verifyToken } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'

/** Tokens whose signature need not be looked at again. */
const REMEMBERED = 1_000

/**
 * Judges tokens by the rules that hold now. A player sends its token eight times a second; its signature is checked once, its
 * time and whether it was taken back every time.
 */
export class TokenGate {
  readonly #clock: Clock
  readonly #known = new Map<string, Grant>()
  #rules: AccessRules = { keys: [], revoked: [] }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Which tokens hold from now on. */
  setRules(rules: AccessRules): void {
    this.#rules = rules
    this.#known.clear()
  }

  /** What the token allows now, or why it is not taken. */
  async check(token: string): Promise<Grant | string> {
    const now = this.#clock.wall()
    const known = this.#known.get(token)
    if (known && known.expires > now) return known
    const rules = this.#rules
    const answer = await verifyToken(token, rules, now)
    if (isRefusal(answer)) return answer.fault
    // Rules that changed meanwhile decide anew.
    if (rules !== this.#rules) return this.check(token)
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(token, answer)
    return answer
  }

  /** Whether a grant that was given still holds. */
  holds(token: string, expires: number): boolean {
    return expires > this.#clock.wall() && !this.#rules.revoked.includes(token)
  }
}
