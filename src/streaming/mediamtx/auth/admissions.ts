import type { TokenGrant } from './judge.ts'

/** Ids that are remembered; the oldest goes first. A viewer asks a few times when it comes, and once it has gone its id is of no use. */
const MOST = 50_000

/** Who was let in under which id (of a session, or of an RTSP connection), so that MediaMTX's lists get names. */
export class Admissions {
  readonly #byId = new Map<string, TokenGrant>()

  remember(id: string, grant: TokenGrant): void {
    if (id === '' || id.length > 128) return
    this.#byId.delete(id)
    this.#byId.set(id, grant)
    if (this.#byId.size > MOST) this.#byId.delete(this.#byId.keys().next().value!)
  }

  /** Of the first of the ids that is known; undefined where none is. */
  find(ids: readonly string[]): TokenGrant | undefined {
    const id = ids.find(each => this.#byId.has(each))
    return id === undefined ? undefined : this.#byId.get(id)
  }
}
