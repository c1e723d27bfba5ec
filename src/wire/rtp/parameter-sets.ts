/** Bytes of one parameter set; more is no parameter set. An SPS with all scaling lists has a few hundred. */
export const PARAMETER_SET_LIMIT = 4096

/** Picture parameter sets kept at once. H.264 allows 256, cameras use one or two. */
const COUNT_LIMIT = 32

/** The newest parameter set of one kind for each id, compared byte by byte, so that repeats cost nothing. */
export class ParameterSets {
  readonly #sets = new Map<number, Uint8Array>()
  #stale = false

  constructor(sets: Iterable<readonly [number, Uint8Array]> = []) {
    for (const [id, bytes] of sets) this.#sets.set(id, bytes)
  }

  /** In the order in which their ids first came. */
  get all(): Uint8Array[] {
    return [...this.#sets.values()]
  }

  /** The set of this id, else the oldest. */
  find(id: number): Uint8Array | undefined {
    return this.#sets.get(id) ?? this.all[0]
  }

  /** Exactly these bytes are a current set. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#stale) return false
    for (const known of this.#sets.values()) if (same(known, bytes, start, end)) return true
    return false
  }

  /** The set `bytes[start, end)` came. True when it is new or differs from the one of this id. */
  offer(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#sets.get(id)
    if (known && same(known, bytes, start, end) && !this.#stale) return false
    if (this.#stale) {
      this.#sets.clear()
      this.#stale = false
    }
    if (!this.#sets.has(id) && this.#sets.size >= COUNT_LIMIT) return false
    // Not slice(): that of a Buffer is a view.
    this.#sets.set(id, new Uint8Array(bytes.subarray(start, end)))
    return true
  }

  /** The sets that these depend on have changed: the next that comes replaces all of them. */
  expire(): void {
    this.#stale = true
  }
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}
