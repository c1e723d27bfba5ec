import { VmsError } from '../../kernel/errors.ts'
import { type Entry, entryOf, type KindDraft } from './draft.ts'
import { SETTINGS, settingOf } from './settings.ts'

export interface TableCell {
  readonly text: string
  readonly line: number
  readonly column: number
}

export interface TableFault {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint?: string
}

/** Columns of a table of cameras: a name, and the settings of cameras. */
const TABLE_COLUMNS: readonly string[] = ['name', ...SETTINGS.filter(({ ofKind }) => ofKind).map(({ key }) => key)]

/** Kinds of cameras from rows with a header, and every fault of every row with its place. Empty cells are left to the defaults. */
export function kindsOfTable(
  rows: readonly (readonly TableCell[])[],
  shown: string,
): { kinds: KindDraft[]; faults: TableFault[] } {
  const faults: TableFault[] = []
  const [header = [], ...body] = rows
  const columns = header.map(cell => cell.text.toLowerCase())
  for (const [index, column] of columns.entries()) {
    const { line, column: at } = header[index]!
    if (!TABLE_COLUMNS.includes(column))
      faults.push({
        line,
        column: at,
        message: `"${column.slice(0, 40)}" is not a column of cameras`,
        hint: `it is one of ${TABLE_COLUMNS.join(', ')}`,
      })
    else if (columns.indexOf(column) !== index)
      faults.push({ line, column: at, message: `the column "${column}" is here twice` })
  }
  if (!columns.includes('cameras'))
    faults.push({
      line: 1,
      column: 1,
      message: 'the first line has no column "cameras"',
      hint: 'it names the columns: name,cameras,resolution,bitrate',
    })
  if (faults.length > 0) return { kinds: [], faults }
  if (body.length === 0)
    return { kinds: [], faults: [{ line: 1, column: 1, message: 'there are no rows below the header' }] }
  const kinds = body.map((row, index) => kindOfRow(row, columns, `kind ${index + 1}`, shown, faults))
  return { kinds, faults }
}

function kindOfRow(
  row: readonly TableCell[],
  columns: readonly string[],
  fallback: string,
  shown: string,
  faults: TableFault[],
): KindDraft {
  const place = { line: row[0]?.line ?? 1, column: row[0]?.column ?? 1 }
  const entries = new Map<string, Entry>()
  if (row.length !== columns.length)
    faults.push({
      ...place,
      message: `${row.length} fields where the header has ${columns.length}`,
      hint: 'a comma inside a field needs quotes around the field, as "2Mbps,4Mbps,6Mbps"',
    })
  for (const [index, cell] of row.entries()) {
    const key = columns[index] ?? 'name'
    if (key === 'name' || cell.text === '') continue
    try {
      const where = `${shown}:${cell.line}:${cell.column}`
      entries.set(key, entryOf(settingOf(key)!, cell.text, { by: 'csv', shown: where, source: { text: shown } }))
    } catch (error) {
      if (!(error instanceof VmsError)) throw error
      const message = error.message.slice(error.message.indexOf(': ') + 2)
      faults.push({
        line: cell.line,
        column: cell.column,
        message: `${key}: ${message}`,
        ...(error.hint ? { hint: error.hint } : {}),
      })
    }
  }
  if (!row[columns.indexOf('cameras')]?.text)
    faults.push({ ...place, message: 'no number of cameras', hint: 'the column "cameras" has one in every row' })
  const name = row[columns.indexOf('name')]?.text
  return { name: name ? name.slice(0, 64) : fallback, entries }
}
