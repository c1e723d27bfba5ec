import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { plural, quoteKey } from './faults.ts'

/** A mapping of the file: every value is text, a list or another mapping; what is written empty, `~` or `null` is left out. */
export type PlainMap = { [key: string]: Plain }
export type Plain = string | null | PlainMap | Plain[]
export type Path = readonly (string | number)[]

/** Nesting of a configuration; ours needs 4. */
const DEEPEST = 32
/** Values after aliases are followed; 10 000 cameras with every key need 200 000. */
const MOST_VALUES = 1_000_000

interface Entry {
  readonly key: number
  readonly value: number
}

/** Turns nodes into plain values and remembers where each value stands. Shared nodes stay shared: an alias costs nothing. */
export class YamlReader {
  readonly #fault: (offset: number, message: string, hint?: string) => void
  readonly #entries = new WeakMap<object, Map<string | number, Entry>>()
  readonly #offsets = new WeakMap<object, number>()
  readonly #sizes = new WeakMap<object, number>()
  /** Offsets of texts that are not plain, and of aliases that lead to one. */
  readonly #quoted = new Set<number>()
  readonly #quotedAnchors = new Set<string>()
  readonly #anchors = new Map<string, Plain | undefined>()
  #values = 0
  /** There are more values than are read. */
  overflow = false
  /** A value could not be read, and is told: what it stands for is missing. */
  incomplete = false

  constructor(fault: (offset: number, message: string, hint?: string) => void) {
    this.#fault = fault
  }

  /** The plain value of a node; undefined where nothing is written. */
  read(node: Node, depth: number): Plain | undefined {
    const before = this.#values
    const value = this.#readNode(node, depth)
    if (typeof value === 'object' && value !== null && !isAlias(node)) this.#sizes.set(value, this.#values - before)
    if (!isAlias(node) && 'anchor' in node && typeof node.anchor === 'string') {
      this.#anchors.set(node.anchor, value)
      if (isQuoted(node)) this.#quotedAnchors.add(node.anchor)
      else this.#quotedAnchors.delete(node.anchor)
    }
    return value
  }

  #readNode(node: Node, depth: number): Plain | undefined {
    const offset = node.range?.[0] ?? 0
    if (!this.#count(offset, 1)) return undefined
    if (isScalar(node)) {
      const text = typeof node.value === 'string' ? node.value : ''
      if (isQuoted(node)) this.#quoted.add(offset)
      return node.type === 'PLAIN' && /^(?:~|null|Null|NULL)?$/.test(text) ? undefined : text
    }
    if (isAlias(node)) return this.#readAlias(node.source, offset)
    if (depth > DEEPEST) {
      this.#unreadable(offset, `nested deeper than ${DEEPEST} levels`)
      return undefined
    }
    if (isSeq(node)) return this.#readList(node.items as Node[], offset, depth)
    if (isMap(node)) return this.#readMap(node.items as { key: unknown; value: unknown }[], offset, depth)
    return undefined
  }

  #readAlias(name: string, offset: number): Plain | undefined {
    if (!this.#anchors.has(name)) {
      this.#unreadable(
        offset,
        'an alias (*name) with no anchor (&name) before it',
        'put quotes around a text that begins with *',
      )
      return undefined
    }
    if (this.#quotedAnchors.has(name)) this.#quoted.add(offset)
    const value = this.#anchors.get(name)
    const size = typeof value === 'object' && value !== null ? (this.#sizes.get(value) ?? 1) : 1
    return this.#count(offset, size) ? value : undefined
  }

  #readList(nodes: readonly Node[], offset: number, depth: number): Plain[] {
    const list: Plain[] = []
    const entries = new Map<string | number, Entry>()
    for (const [index, node] of nodes.entries()) {
      const start = node.range?.[0] ?? offset
      entries.set(index, { key: start, value: start })
      list.push(this.read(node, depth + 1) ?? null)
    }
    this.#entries.set(list, entries)
    this.#offsets.set(list, offset)
    return list
  }

  #readMap(pairs: readonly { key: unknown; value: unknown }[], offset: number, depth: number): PlainMap {
    const map: PlainMap = Object.create(null)
    const entries = new Map<string | number, Entry>()
    const merged: PlainMap[] = []
    for (const { key, value } of pairs) {
      // What is not a text is a syntax fault already.
      if (!isScalar(key) || typeof key.value !== 'string') continue
      const start = (key as Node).range?.[0] ?? offset
      const node = value as Node | null
      if (key.value === '<<' && node !== null) {
        merged.push(...this.#mergeSources(node, depth))
        continue
      }
      if (entries.has(key.value)) {
        this.#fault(start, `${quoteKey(key.value)} is here twice`, 'keep one of the two')
        continue
      }
      entries.set(key.value, {
        key: start,
        value: node?.range && node.range[1] > node.range[0] ? node.range[0] : start,
      })
      const plain = node === null ? undefined : this.read(node, depth + 1)
      if (plain !== undefined) map[key.value] = plain
    }
    for (const source of merged) {
      for (const [key, value] of Object.entries(source)) {
        if (entries.has(key)) continue
        entries.set(key, this.#entries.get(source)?.get(key) ?? { key: offset, value: offset })
        map[key] = value
      }
    }
    this.#entries.set(map, entries)
    this.#offsets.set(map, offset)
    return map
  }

  /** The mappings that `<<` brings in: one, or a list of them. */
  #mergeSources(node: Node, depth: number): PlainMap[] {
    const value = this.read(node, depth + 1)
    const sources = Array.isArray(value) ? value : [value]
    return sources.filter(source => {
      const fits = typeof source === 'object' && source !== null && !Array.isArray(source)
      if (!fits)
        this.#unreadable(node.range?.[0] ?? 0, '"<<" wants a mapping', 'write <<: *name, where &name marks a mapping')
      return fits
    }) as PlainMap[]
  }

  #unreadable(offset: number, message: string, hint?: string): void {
    this.incomplete = true
    this.#fault(offset, message, hint)
  }

  #count(offset: number, values: number): boolean {
    this.#values += values
    if (this.#values <= MOST_VALUES) return true
    if (!this.overflow)
      this.#fault(
        offset,
        `more than ${plural(MOST_VALUES, 'value')} once aliases (*name) are followed`,
        'use fewer aliases',
      )
    this.overflow = true
    return false
  }

  /** Where `path` leads; when something on the way is missing, the innermost thing there is, and not `exact`. */
  find(root: Plain, path: Path, part: 'key' | 'value' = 'value'): { offset: number | undefined; exact: boolean } {
    let value: Plain | undefined = root
    let offset: number | undefined
    for (const [index, step] of path.entries()) {
      if (typeof value !== 'object' || value === null) return { offset, exact: false }
      const entry = this.#entries.get(value)?.get(step)
      if (!entry) return { offset: offset ?? this.#offsets.get(value), exact: false }
      offset = part === 'key' && index === path.length - 1 ? entry.key : entry.value
      value = (value as PlainMap)[step as string]
    }
    return { offset, exact: true }
  }

  /** Whether the text at `path` is in quotes or a block: a text, whatever it looks like. */
  quoted(root: Plain, path: Path): boolean {
    const { offset, exact } = this.find(root, path)
    return exact && offset !== undefined && this.#quoted.has(offset)
  }

  emptyKeys(root: Plain, path: Path): string[] {
    let value: Plain | undefined = root
    for (const step of path) value = (value as PlainMap | null | undefined)?.[step as string]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    const map = value
    return [...(this.#entries.get(map)?.keys() ?? [])].filter(key => !(key in map)) as string[]
  }
}

function isQuoted(node: Node): boolean {
  return isScalar(node) && node.type !== 'PLAIN'
}
