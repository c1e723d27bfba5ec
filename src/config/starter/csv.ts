export interface CsvCell {
  readonly text: string
  /** From 1, in characters. */
  readonly line: number
  readonly column: number
}

interface CsvFault {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint?: string
}

export interface CsvTable {
  /** Rows that have something in them. */
  readonly rows: readonly (readonly CsvCell[])[]
  readonly faults: readonly CsvFault[]
}

/**
 * Reads comma-separated values (RFC 4180): fields in double quotes may hold commas, line breaks and doubled quotes. Semicolons
 * or tabs part the fields when the first line has more of them, as spreadsheets write in many countries. Never throws.
 */
export function parseCsv(text: string): CsvTable {
  const start = text.startsWith('\uFEFF') ? 1 : 0
  const delimiter = delimiterOf(text.slice(start, text.search(/[\r\n]|$/)))
  const rows: CsvCell[][] = []
  const faults: CsvFault[] = []
  let row: CsvCell[] = []
  let line = 1
  let lineStart = start
  let at = start
  while (at < text.length) {
    const place = { line, column: at - lineStart + 1 }
    let value: string
    if (text[at] === '"') {
      const end = closingQuote(text, at)
      const quoted = text.slice(at + 1, end)
      value = quoted.replaceAll('""', '"')
      const breaks = quoted.split('\n').length - 1
      if (breaks > 0) {
        line += breaks
        lineStart = at + 1 + quoted.lastIndexOf('\n') + 1
      }
      if (end >= text.length)
        faults.push({ ...place, message: 'a quote that is not closed', hint: 'close it with a second "' })
      at = end + 1
      const rest = endOfField(text, at, delimiter)
      if (text.slice(at, rest).trim() !== '')
        faults.push({
          line,
          column: at - lineStart + 1,
          message: 'text behind the closing quote',
          hint: 'a quote inside quotes is written twice ("")',
        })
      at = rest
    } else {
      const end = endOfField(text, at, delimiter)
      value = text.slice(at, end).trim()
      at = end
    }
    row.push({ text: value, ...place })
    if (text[at] === delimiter) {
      at += 1
      // A delimiter at the very end begins an empty field.
      if (at >= text.length || text[at] === '\n' || text[at] === '\r')
        row.push({ text: '', line, column: at - lineStart + 1 })
      else continue
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    line += 1
    lineStart = at
    rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push(row)
  return { rows: rows.filter(cells => cells.some(cell => cell.text !== '')), faults }
}

function delimiterOf(header: string): string {
  const count = (character: string) => header.split(character).length
  return [',', ';', '\t'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best))
}

function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at < 0 ? text.length : at
}

function endOfField(text: string, from: number, delimiter: string): number {
  let at = from
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}
