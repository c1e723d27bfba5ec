import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  Pair,
  parseDocument,
  Scalar,
  YAMLMap,
  YAMLSeq,
} from 'yaml'
import { plainScalar, type RelayValue } from '../scalar.ts'

/** An entry of a mapping; the value is null where nothing is written. */
export type Entry = Pair<Scalar<string>, Node | null>

export interface MigrationNote {
  /** Of the file as it was, from 1. */
  readonly line: number
  /** One sentence. */
  readonly message: string
  /** It could not be carried over, and somebody has to look. */
  readonly left: boolean
}

/** A configuration file being mended: its nodes, with comments and order, and what is said of each change. */
export class RelayDocument {
  readonly root: YAMLMap<Scalar<string>, Node | null>
  readonly notes: MigrationNote[] = []
  readonly #text: string
  readonly #document: Document.Parsed
  readonly #lines = new LineCounter()

  /** `text` is YAML without faults (readYaml has seen it). Values are kept as they are written, types and all. */
  constructor(text: string) {
    this.#text = text
    this.#document = parseDocument(text, {
      schema: 'failsafe',
      stringKeys: true,
      uniqueKeys: false,
      lineCounter: this.#lines,
      logLevel: 'error',
    })
    const { contents } = this.#document
    this.root = (isMap(contents) ? contents : new YAMLMap()) as YAMLMap<Scalar<string>, Node | null>
    if (!isMap(contents)) this.#document.contents = this.root as never
  }

  changed(entry: Entry, message: string): void {
    this.notes.push({ line: this.#lineOf(entry), message, left: false })
  }

  left(entry: Entry, message: string): void {
    this.notes.push({ line: this.#lineOf(entry), message, left: true })
  }

  /** Takes an entry out. Its comments stay, at the end of the mapping; with `itself` its text becomes one too. */
  remove(map: YAMLMap, entry: Entry, { itself = false } = {}): void {
    const own = itself
      ? this.#textOf(entry)
          .split(/\r?\n/)
          .map(line => ` ${line}`)
      : []
    const kept = [entry.key.commentBefore, ...own, entry.value?.comment].filter(text => text).join('\n')
    map.items.splice(map.items.indexOf(entry), 1)
    // At the end of the mapping: in front of the next entry it would move along when that moves.
    if (kept !== '') map.comment = [map.comment, kept].filter(text => text).join('\n')
  }

  /** A new entry at the top level, in front of the paths. It has the place and the comments of `from`. */
  add(key: string, value: Node, from: Entry | undefined): void {
    const entry = from === undefined ? newEntry(key, value) : movedEntry(key, value, from)
    const { items } = this.root
    const paths = items.findIndex(({ key }) => key.value === 'paths' || key.value === 'pathDefaults')
    const at = paths < 0 ? items.length : paths
    const first = items[0]?.key
    if (at === 0 && first?.commentBefore) {
      // What stands above the first key is the head of the file.
      this.#document.commentBefore = [this.#document.commentBefore, first.commentBefore].filter(text => text).join('\n')
      first.commentBefore = null
    }
    items.splice(at, 0, entry)
  }

  /** The file again. Nothing was changed: as it was, to the byte. */
  toString(): string {
    if (this.notes.length === 0) return this.#text
    return this.#document.toString({ lineWidth: 0, flowCollectionPadding: /[{[] /.test(this.#text) })
  }

  #lineOf(entry: Entry): number {
    return Math.max(1, this.#lines.linePos(entry.key.range?.[0] ?? 0).line)
  }

  #textOf(entry: Entry): string {
    const start = entry.key.range?.[0]
    if (start === undefined) return entry.key.value
    const end = Math.max(entry.key.range?.[1] ?? start, entry.value?.range?.[1] ?? start)
    return this.#text.slice(start, end).trimEnd()
  }
}

/** The entries of a mapping whose keys are texts; none for anything else. */
export function entriesOf(node: unknown): Entry[] {
  if (!isMap(node)) return []
  return node.items.filter(({ key }) => isScalar(key) && typeof key.value === 'string') as unknown as Entry[]
}

export function entryOf(map: YAMLMap, key: string): Entry | undefined {
  return entriesOf(map).find(entry => entry.key.value === key)
}

/** A value with its type, of a single one; undefined for lists, mappings and aliases. */
export function singleValue(node: Node | null): string | number | boolean | null | undefined {
  if (node === null) return null
  if (!isScalar(node) || typeof node.value !== 'string') return undefined
  return node.type === 'PLAIN' || node.type === undefined ? plainScalar(node.value) : node.value
}

/** A node that MediaMTX reads as `value`. */
export function nodeOf(value: RelayValue): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq()
    list.items = value.map(nodeOf)
    return list
  }
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap()
    map.items = Object.entries(value).map(([key, inner]) => newEntry(key, nodeOf(inner)))
    return map
  }
  const scalar = new Scalar(String(value ?? ''))
  if (typeof value === 'string') scalar.type = typeof plainScalar(value) === 'string' ? 'PLAIN' : 'QUOTE_DOUBLE'
  return scalar
}

function newEntry(key: string, value: Node | null): Entry {
  return new Pair(new Scalar(key), value)
}

/** Gives an entry another value; the comment behind the old one stays. */
export function replaceValue(entry: Entry, value: Node): void {
  if (entry.value?.comment) value.comment = entry.value.comment
  entry.value = value
}

/** `from` under another key at another place: with the comments, which are not its own any more. */
export function movedEntry(key: string, value: Node, from: Entry): Entry {
  const entry = newEntry(key, value)
  if (from.key.range) entry.key.range = from.key.range
  if (from.key.commentBefore) entry.key.commentBefore = from.key.commentBefore
  from.key.commentBefore = null
  if (from.value === value) from.value = null
  return entry
}
