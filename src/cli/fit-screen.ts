import { stripVTControlCharacters } from 'node:util'

/**
 * The first lines of a text that fit on a terminal, and how many more there are: a longer one would push its first line, which
 * is the answer, off the screen. A terminal without a size (0, as some serial lines say) takes all.
 */
export function fitScreen(text: string, columns: number, rows: number): string {
  if (!(columns > 0 && rows > 0)) return text
  const lines = text.split('\n')
  const heights = lines.map(line => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)))
  const height = (count: number) => heights.slice(0, count).reduce((sum, one) => sum + one, 0)
  // The cursor stands on a line of its own below the text.
  if (height(lines.length) <= rows - 1) return text
  let count = lines.length - 1
  while (count > 1 && height(count) > rows - 2) count--
  return [...lines.slice(0, count), `(${lines.length - count} more lines; the terminal is full)`].join('\n')
}
