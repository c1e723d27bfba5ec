import { type ConfigFault, configInvalid, plural, quote } from '../faults.ts'
import { CameraReader } from '../resolve-cameras.ts'
import { CredentialBook } from '../resolve-credentials.ts'
import { cameraSchema } from '../schema.ts'
import { Findings } from '../sections.ts'
import { didYouMean } from '../suggest.ts'
import type { Plain, PlainMap, YamlSource } from '../yaml-source.ts'
import { type CsvCell, parseCsv } from './csv.ts'
import type { FoundCamera } from './starter-file.ts'

/** Columns that are keys of a camera, and those for its user. */
const KEYS = Object.keys(cameraSchema.shape).filter(key => key !== 'credentials')
const COLUMNS = [...KEYS, 'username', 'password']

/**
 * The cameras of a CSV text with a header line. `shown` is the file's name in messages. Throws VMS_E_CONFIG_INVALID with every
 * fault of every row, each with its line and column. Passwords come back apart from the URLs.
 */
export function camerasFromCsv(text: string, shown: string): FoundCamera[] {
  const { rows, faults: syntax } = parseCsv(text)
  const faults: ConfigFault[] = syntax.map(fault => ({ file: shown, ...fault }))
  const [header = [], ...body] = rows
  const names = header.map(cell => cell.text.toLowerCase())
  checkHeader(header, names, message => faults.push({ file: shown, ...message }))
  for (const row of body) {
    if (row.length === header.length) continue
    const [first] = row
    const message = `${plural(row.length, 'field')} where the header has ${header.length}`
    faults.push({
      file: shown,
      line: first?.line ?? 1,
      column: 1,
      message,
      hint: 'a comma inside a field needs quotes around the field',
    })
  }
  if (faults.length > 0) throw configInvalid(shown, faults)
  const entries = body.map(row => entryOf(names, row))
  const findings = new Findings(sourceOf(shown, names, body, entries))
  new CameraReader(findings, new CredentialBook(findings, '/')).read(findings.source.root as PlainMap)
  if (findings.faults.length > 0) throw configInvalid(shown, findings.faults)
  return body.map((row, index) => {
    const cell = (name: string) => row[names.indexOf(name)]?.text || undefined
    const { id, range, main, ...rest } = entries[index] as Record<string, string>
    const camera = { ...rest, id: id ?? range ?? '', main: main ?? '' }
    return { camera, username: cell('username'), password: cell('password') }
  })
}

function checkHeader(
  header: readonly CsvCell[],
  names: readonly string[],
  fault: (fault: { line: number; column: number; message: string; hint?: string }) => void,
): void {
  for (const [index, name] of names.entries()) {
    const { line, column } = header[index]!
    const hint = didYouMean(name, COLUMNS)
    if (!COLUMNS.includes(name))
      fault({ line, column, message: `${quote(name)} is not a column of cameras`, ...(hint ? { hint } : {}) })
    else if (names.indexOf(name) !== index) fault({ line, column, message: `the column ${quote(name)} is here twice` })
  }
  if (!names.includes('id') && !names.includes('range'))
    fault({
      line: 1,
      column: 1,
      message: 'the first line has no column "id"',
      hint: 'it names the columns: id,main,sub,group',
    })
  if (!names.includes('main'))
    fault({
      line: 1,
      column: 1,
      message: 'the first line has no column "main"',
      hint: 'it names the columns: id,main,sub,group',
    })
}

/** Keys of a camera that the row has something for. */
function entryOf(names: readonly string[], row: readonly CsvCell[]): PlainMap {
  const entry: PlainMap = Object.create(null)
  for (const [index, name] of names.entries()) {
    const text = row[index]?.text ?? ''
    if (text !== '' && KEYS.includes(name)) entry[name] = text
  }
  return entry
}

/** The rows in the form of a configuration, so that the same checks read both. */
function sourceOf(
  file: string,
  names: readonly string[],
  rows: readonly (readonly CsvCell[])[],
  cameras: Plain[],
): YamlSource {
  return {
    file,
    root: { cameras },
    faults: [],
    brokenFrom: Number.POSITIVE_INFINITY,
    incomplete: false,
    overflow: false,
    place: ([, row, key]) => {
      const cells = rows[Number(row)]
      const cell = cells?.[names.indexOf(String(key))] ?? cells?.[0]
      return { file, line: cell?.line ?? 1, column: cell?.column ?? 1 }
    },
    has: ([, row, key]) => key === undefined || String(key) in ((cameras[Number(row)] ?? {}) as PlainMap),
    quoted: () => true,
    emptyKeys: () => [],
  }
}
