/**
 * The header lines of an RTSP message in their order; names are compared without case (RFC 2326 section 4.2).
 * Values are byte strings (latin1): what a peer sent in another encoding keeps its bytes through parse and serialise.
 */
export class RtspHeaders {
  readonly #lines: [name: string, value: string][] = []

  constructor(lines: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of lines) this.add(name, value)
  }

  /** Value of the first line of that name. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase()
    return this.#lines.find(line => line[0].toLowerCase() === wanted)?.[1]
  }

  /** Values of all lines of that name, in order. */
  all(name: string): string[] {
    const wanted = name.toLowerCase()
    return this.#lines.filter(line => line[0].toLowerCase() === wanted).map(line => line[1])
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** Adds a line at the end. Returns itself. */
  add(name: string, value: string): this {
    this.#lines.push([name, value])
    return this
  }

  /** Replaces all lines of that name by one. Returns itself. */
  set(name: string, value: string): this {
    const wanted = name.toLowerCase()
    const at = this.#lines.findIndex(line => line[0].toLowerCase() === wanted)
    if (at < 0) return this.add(name, value)
    for (let i = this.#lines.length - 1; i > at; i--)
      if (this.#lines[i]?.[0].toLowerCase() === wanted) this.#lines.splice(i, 1)
    this.#lines[at] = [name, value]
    return this
  }

  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#lines[Symbol.iterator]()
  }
}
