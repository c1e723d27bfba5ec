/** Stretches of one file that are copied one behind the other. */
export interface CopySource {
  /** Absolute. */
  readonly path: string
  readonly identity: string
  /** Offset and length, in turn. */
  readonly stretches: readonly number[]
}

/** What is copied into a clip, in order. */
export class CopyList {
  readonly #sources: { path: string; identity: string; stretches: number[] }[] = []
  /** Bytes of all stretches. */
  bytes = 0

  get sources(): readonly CopySource[] {
    return this.#sources
  }

  /** Adds a stretch; gives where it begins among the bytes that are copied. */
  add(
    { path, identity }: { readonly path: string; readonly identity: string },
    offset: number,
    length: number,
  ): number {
    const place = this.bytes
    this.bytes += length
    const last = this.#sources.at(-1)
    if (last?.path !== path) {
      this.#sources.push({ path, identity, stretches: [offset, length] })
      return place
    }
    const { stretches } = last
    const end = stretches.at(-2)! + stretches.at(-1)!
    if (end === offset) stretches[stretches.length - 1]! += length
    else stretches.push(offset, length)
    return place
  }
}
