import { LineCounter, type Node, parseDocument, type YAMLError } from 'yaml'
import type { ConfigFault } from './faults.ts'
import { type Path, type Plain, YamlReader } from './yaml-reader.ts'
import { syntaxSentence } from './yaml-syntax.ts'

export type { Path, Plain, PlainMap } from './yaml-reader.ts'

/** A parsed file: its values, and where each stands. */
export interface YamlSource {
  readonly file: string
  readonly root: Plain
  /** Syntax faults, at most one a line, doubled keys, alias bombs. */
  readonly faults: readonly ConfigFault[]
  /** The line of the first syntax fault, from which on the parser's words are guesses; Infinity without one. */
  readonly brokenFrom: number
  /** Something that is written may be missing here: behind a syntax fault, or an alias that leads nowhere. */
  readonly incomplete: boolean
  /** Aliases lead to more values than are read: the rest is missing here. */
  readonly overflow: boolean
  /** The place of what `path` leads to from the root; of the nearest thing around it when that is missing. `key`: of its key. */
  place(path: Path, part?: 'key' | 'value'): { file: string; line: number; column: number }
  /** Whether `path` is written in the file, be it with no value. */
  has(path: Path): boolean
  /** Whether the text at `path` is in quotes or a block: a text for those who guess types, whatever it looks like. */
  quoted(path: Path): boolean
  /** Keys of the mapping at `path` that are written with no value. */
  emptyKeys(path: Path): string[]
}

/**
 * Parses YAML 1.2 without guessing types: `007`, `1e3`, `on` and `no` are the texts they look like, and each key of the
 * configuration says what it wants. Aliases and `<<` are followed, to a limit. Never throws.
 */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const document = parseCheaply(text, lines)
  const syntax = syntaxFaults(text, [...document.errors, ...document.warnings], at)
  const faults = [...syntax]
  const reader = new YamlReader((offset, message, hint) =>
    faults.push({ ...at(offset), message, ...(hint ? { hint } : {}) }),
  )
  const root = document.contents === null ? null : reader.read(document.contents as Node, 0)
  const rootOffset = document.contents?.range?.[0] ?? 0
  return {
    file,
    root: root ?? null,
    faults,
    brokenFrom: syntax.reduce((line, fault) => Math.min(line, fault.line), Number.POSITIVE_INFINITY),
    incomplete: syntax.length > 0 || reader.incomplete,
    overflow: reader.overflow,
    place: (path, part = 'value') => at(reader.find(root ?? null, path, part).offset ?? rootOffset),
    has: path => reader.find(root ?? null, path).exact,
    quoted: path => reader.quoted(root ?? null, path),
    emptyKeys: path => reader.emptyKeys(root ?? null, path),
  }
}

/** Parses without the stack traces of errors, of which a broken file may have one for every character. */
function parseCheaply(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return parseDocument(text, {
      schema: 'failsafe',
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      // Its check of doubled keys is quadratic; the reader has its own.
      uniqueKeys: false,
      // `silent` would also hush a second document.
      logLevel: 'error',
    })
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** One fault a line: what follows the first on a line is its echo, and so is what follows a tab. */
function syntaxFaults(text: string, errors: readonly YAMLError[], at: (offset: number) => ConfigPlace): ConfigFault[] {
  const byLine = new Map<number, ConfigFault>()
  let tabLine = -1
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    // The fault is in front of what is indented wrongly; it is shown at the first character of that.
    const place = at(error.pos[0] + (/^ */.exec(text.slice(error.pos[0], error.pos[0] + 200))?.[0].length ?? 0))
    if (byLine.has(place.line)) continue
    const lineStart = text.lastIndexOf('\n', error.pos[0] - 1) + 1
    const tab = /^[ -]*\t/.exec(text.slice(lineStart, lineStart + 200))
    if (!tab && place.line === tabLine + 1) continue
    if (tab || error.code === 'TAB_AS_INDENT') {
      tabLine = place.line
      const column = tab ? tab[0].length : place.column
      byLine.set(place.line, {
        ...place,
        column,
        message: 'a tab in the indentation',
        hint: 'YAML is indented with spaces only; replace the tab',
      })
    } else {
      byLine.set(place.line, { ...place, ...syntaxSentence(error.code) })
    }
  }
  return [...byLine.values()]
}

type ConfigPlace = ReturnType<YamlSource['place']>
