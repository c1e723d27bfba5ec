import { isMap, isSeq, type Node, YAMLMap } from 'yaml'
import { type Entry, entryOf, nodeOf, type RelayDocument, singleValue } from './relay-document.ts'

/** Adds to the top level what `from` says. What is there already stays: then it is false, unless it says the same. */
export function addToServer(document: RelayDocument, key: string, value: Node, from?: Entry): boolean {
  const there = entryOf(document.root, key)
  if (there !== undefined) return sameValue(there.value, value)
  document.add(key, value, from)
  return true
}

/** The mapping pathDefaults, made where there is none. */
export function pathDefaultsOf(document: RelayDocument): YAMLMap {
  const there = entryOf(document.root, 'pathDefaults')
  if (isMap(there?.value)) return there.value
  const map = new YAMLMap()
  if (there !== undefined) there.value = map
  else document.add('pathDefaults', map, undefined)
  return map
}

/** A switch that a path had for itself: on for the whole server where any path wants it on. `where`: " of the path live". */
export function mendSwitch(document: RelayDocument, map: YAMLMap, entry: Entry, key: string, where: string): void {
  const wanted = singleValue(entry.value) === true
  const there = entryOf(document.root, key)
  const before = there && singleValue(there.value)
  const what = `${entry.key.value}${where}`
  const why = 'MediaMTX has no such switch for a path'
  if (there === undefined) document.add(key, nodeOf(wanted), entry)
  else if (wanted && before === false) there.value = nodeOf(true)
  if (before === undefined || before === wanted)
    document.changed(entry, `${what} is ${key}: ${wanted} for the whole server: ${why}.`)
  else
    document.left(
      entry,
      `${what} is ${wanted} and another says ${before}: ${key} is on for the whole server, for ${why}.`,
    )
  document.remove(map, entry)
}

export function sameValue(a: Node | null, b: Node | null): boolean {
  if (isSeq(a) && isSeq(b))
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => sameValue(item as Node, b.items[index] as Node))
    )
  const [left, right] = [singleValue(a), singleValue(b)]
  return left !== undefined && left === right
}
