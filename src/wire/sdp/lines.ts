import { SDP_LIMITS } from './description.ts'

/** One `x=value` line. */
export interface SdpLine {
  /** One letter, in lower case. */
  readonly type: string
  readonly value: string
}

/** Collects sentences about what was strange; says each once, and stops at a limit. */
export class Notes {
  readonly #sentences = new Set<string>()

  add(sentence: string): void {
    if (this.#sentences.size < SDP_LIMITS.notes) this.#sentences.add(sentence)
  }

  list(): string[] {
    return [...this.#sentences]
  }
}

/**
 * Cuts a description into lines: CRLF, bare LF or bare CR, spaces around `=`, leading junk (a byte order mark, spaces, lines
 * of text) skipped.
 */
export function splitLines(text: string, notes: Notes): SdpLine[] {
  let whole = text
  if (whole.length > SDP_LIMITS.bytes) {
    notes.add(`The description is longer than ${SDP_LIMITS.bytes} bytes; the rest is not read.`)
    whole = whole.slice(0, SDP_LIMITS.bytes)
  }
  const found: SdpLine[] = []
  for (const raw of whole.split(/[\r\n\0]/)) {
    const line = raw.trim()
    if (line === '') continue
    const type = line[0]?.toLowerCase() ?? ''
    const rest = line.slice(1).trimStart()
    if (type < 'a' || type > 'z' || !rest.startsWith('=')) notes.add('A line that is no SDP line was skipped.')
    else if (line.length > SDP_LIMITS.line) notes.add(`A line longer than ${SDP_LIMITS.line} bytes was skipped.`)
    else found.push({ type, value: rest.slice(1).trim() })
  }
  return found
}
