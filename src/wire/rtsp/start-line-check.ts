/** Bytes that the first word of a message may have; methods and `RTSP/1.0` are shorter. */
const MAX_WORD = 32

/** Whether a message can begin with that byte: a letter. */
export function isStartByte(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/**
 * Looks at a start line byte by byte, so that binary junk which happens to begin with a letter is known as junk within a
 * few bytes and not at the next line feed.
 */
export class StartLineCheck {
  #length = 0
  #ended = false

  reset(): void {
    this.#length = 0
    this.#ended = false
  }

  /** False when a line with that byte at this place is no RTSP start line. */
  accepts(byte: number): boolean {
    if (this.#ended) return true
    if (byte === 0x20) this.#ended = true
    else this.#length++
    // Letters, digits, and `_`, `-`, `.`, `/`: methods, extension methods and the version.
    const inWord = byte === 0x20 || isStartByte(byte) || (byte >= 0x2d && byte <= 0x39) || byte === 0x5f
    return inWord && this.#length <= MAX_WORD
  }
}
