/** Bytes of an ordinary slab. Large enough for several frames, small enough that 200 half-full ones cost little. */
export const SLAB_SIZE = 128 * 1024
/** Slabs for large key frames are pooled too, up to this; larger ones are too rare to be kept. */
const LARGEST_POOLED = 1024 * 1024

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

/**
 * Hands out slabs and takes them back, so that a running worker allocates no memory and the kernel zeroes no pages. Sizes
 * are SLAB_SIZE times powers of two.
 */
export class SlabPool {
  readonly #free = new Map<number, Slab[]>()
  readonly #keep: number
  #kept = 0
  #used = 0

  /** `keep`: bytes of free slabs that are held for reuse; what is above that is given back to the system. */
  constructor(keep = 8 * 1024 * 1024) {
    this.#keep = keep
  }

  /** Bytes in slabs that somebody holds. */
  get used(): number {
    return this.#used
  }

  /** A slab of at least `size` bytes. */
  take(size: number): Slab {
    let bytes = SLAB_SIZE
    while (bytes < size) bytes *= 2
    this.#used += bytes
    const free = this.#free.get(bytes)?.pop()
    if (!free) return new Slab(Buffer.allocUnsafeSlow(bytes), this)
    this.#kept -= bytes
    return free.reuse()
  }

  give(slab: Slab): void {
    const size = slab.bytes.length
    this.#used -= size
    // At once, and not when the garbage collector comes to it: that may be a minute after what a disk in trouble made us hold.
    if (size > LARGEST_POOLED || this.#kept + size > this.#keep)
      return void (slab.bytes.buffer as ArrayBuffer).transfer(0)
    this.#kept += size
    const same = this.#free.get(size)
    if (same) same.push(slab)
    else this.#free.set(size, [slab])
  }
}
