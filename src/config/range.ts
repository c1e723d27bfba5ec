/** `hall-{001..040}`: ids hall-001 to hall-040. */
export interface IdRange {
  readonly prefix: string
  readonly first: number
  readonly last: number
  /** Digits that numbers are padded to with zeros; 0 for none. As in the shell, a leading zero at either end asks for it. */
  readonly width: number
  readonly suffix: string
}

/** Cameras of one site, ranges spread out. */
export const MOST_CAMERAS = 10_000

const RANGE = /^([^{}]*)\{(\d{1,9})\.\.(\d{1,9})\}([^{}]*)$/
const PLACEHOLDER = /\{(n+)(?:([+-])(\d{1,9}))?\}/g

/** The parts of a range, or a sentence's end that says what is wrong with it. */
export function parseRange(text: string): IdRange | { problem: string } {
  const match = RANGE.exec(text)
  if (!match) return { problem: 'is not a range' }
  const [, prefix = '', from = '', to = '', suffix = ''] = match
  const first = Number(from)
  const last = Number(to)
  if (last < first) return { problem: `runs backwards, from ${from} to ${to}` }
  if (last - first >= MOST_CAMERAS) return { problem: `has ${last - first + 1} cameras; ${MOST_CAMERAS} are the most` }
  const padded = (from.startsWith('0') && from.length > 1) || (to.startsWith('0') && to.length > 1)
  return { prefix, first, last, width: padded ? Math.max(from.length, to.length) : 0, suffix }
}

export function rangeId(range: IdRange, number: number): string {
  return `${range.prefix}${String(number).padStart(range.width, '0')}${range.suffix}`
}

/** The range as text again, with other ends: what is left when cameras are taken out of it. */
export function formatRange(range: IdRange, first: number, last: number): string {
  const end = (number: number) => String(number).padStart(range.width, '0')
  return `${range.prefix}{${end(first)}..${end(last)}}${range.suffix}`
}

/**
 * `text` with its placeholders filled in: `{n}` is the plain number, `{nnn}` is padded to three digits, `{n+100}` and
 * `{n-1}` are moved by a constant (never below 0: undefined then).
 */
export function fillPlaceholders(text: string, number: number): string | undefined {
  let negative = false
  const filled = text.replaceAll(PLACEHOLDER, (_, letters: string, sign: string | undefined, offset = '0') => {
    const value = number + (sign === '-' ? -1 : 1) * Number(offset)
    if (value < 0) negative = true
    return String(value).padStart(letters.length, '0')
  })
  return negative ? undefined : filled
}

/** A part in braces that is not a placeholder, or undefined. */
export function strayBraces(text: string): string | undefined {
  const rest = text.replaceAll(PLACEHOLDER, '')
  return /\{[^{}]*\}|[{}]/.exec(rest)?.[0]
}

export function hasPlaceholder(text: string): boolean {
  return text.search(PLACEHOLDER) >= 0
}
