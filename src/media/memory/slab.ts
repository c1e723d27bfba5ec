/** Bytes of an ordinary slab. Large enough for several frames, small enough that 200 half-full ones cost little. */
export const SLAB_SIZE = 256 * 1024

/** A piece of pooled memory that holds whole frames of one track, one behind the other. Freed when nobody holds it. */
export class Slab {
  readonly bytes: Buffer
  readonly #pool: SlabPool
  #holders = 1

  constructor(bytes: Buffer, pool: SlabPool) {
    this.bytes = bytes
    this.#pool = pool
  }

  retain(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders === 0) this.#pool.give(this)
  }

  /** Used by the pool when it hands a slab out again. */
  reuse(): this {
    this.#holders = 1
    return this
  }
}

/** Hands out slabs and takes them back, so that a running worker allocates no memory and the kernel zeroes no pages. */
export class SlabPool {
  readonly #free: Slab[] = []
  readonly #keep: number
  #used = 0

  /** `keep`: bytes of free slabs that are held for reuse; what is above that is given back to the system. */
  constructor(keep = 64 * 1024 * 1024) {
    this.#keep = keep
  }

  /** Bytes in slabs that somebody holds. */
  get used(): number {
    return this.#used
  }

  /** A slab of at least `size` bytes. */
  take(size: number): Slab {
    const plain = size <= SLAB_SIZE
    const bytes = plain ? SLAB_SIZE : size
    this.#used += bytes
    const free = plain ? this.#free.pop() : undefined
    return free ? free.reuse() : new Slab(Buffer.allocUnsafeSlow(bytes), this)
  }

  give(slab: Slab): void {
    const size = slab.bytes.length
    this.#used -= size
    if (size === SLAB_SIZE && (this.#free.length + 1) * SLAB_SIZE <= this.#keep) this.#free.push(slab)
  }
}
