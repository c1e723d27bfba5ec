import type { TokenGrant } from './judge.ts'

/** Keeps admissions for the daemon that comes next. */
export interface AdmissionStore {
  all(): Iterable<readonly [id: string, grant: TokenGrant]>
  put(id: string, grant: TokenGrant): void
  drop(id: string): void
}

/** Ids that are remembered; the oldest goes first. A viewer asks a few times when it comes, and once it has gone its id is of no use. */
const MOST = 50_000

/** Who was let in under which id (of a session, or of an RTSP connection), so that MediaMTX's lists get names. */
export class Admissions {
  readonly #store: AdmissionStore | undefined
  readonly #byId: Map<string, TokenGrant>

  constructor(store?: AdmissionStore) {
    this.#store = store
    this.#byId = new Map(store?.all())
  }

  remember(id: string, grant: TokenGrant): void {
    if (id === '' || id.length > 128) return
    const known = this.#byId.get(id)
    this.#byId.delete(id)
    this.#byId.set(id, grant)
    // Before 1.18 HLS asks for each of its requests.
    if (known?.jti !== grant.jti || known.user !== grant.user) this.#store?.put(id, grant)
    if (this.#byId.size > MOST) this.#forget(this.#byId.keys().next().value!)
  }

  /** Of the first of the ids that is known; undefined where none is. */
  find(ids: readonly string[]): TokenGrant | undefined {
    const id = ids.find(each => this.#byId.has(each))
    return id === undefined ? undefined : this.#byId.get(id)
  }

  #forget(id: string): void {
    this.#byId.delete(id)
    this.#store?.drop(id)
  }
}
