import { isSeq, type Node, type YAMLMap } from 'yaml'
import type { Mend } from '../dialects/dialect.ts'
import { iceServersOf } from './ice-servers.ts'
import {
  type Entry,
  entryOf,
  movedEntry,
  nodeOf,
  type RelayDocument,
  replaceValue,
  singleValue,
} from './relay-document.ts'
import { addToServer, pathDefaultsOf, sameValue } from './whole-server.ts'

/** How an entry is replaced, and where it stands in words: "of the path live". */
interface Replacement {
  readonly by: string
  readonly how: Mend
  readonly where: string
}

/** Replaces an entry of `map` by the one that means the same today. */
export function mendKey(document: RelayDocument, map: YAMLMap, entry: Entry, { by, how, where }: Replacement): void {
  const old = `${entry.key.value}${where}`
  const value = how === 'none' ? undefined : valueFor(how, entry.value)
  if (value === undefined) {
    document.remove(map, entry, { itself: true })
    document.left(entry, `${old} is replaced by ${by}, which wants another value: it is kept as a comment.`)
    return
  }
  if (how === 'pathDefaults' || how === 'global') {
    const key = by.replace('pathDefaults.', '')
    const fits =
      how === 'global' ? addToServer(document, key, value, entry) : addTo(pathDefaultsOf(document), key, value, entry)
    moveOut(document, map, entry, fits, `${old} is now ${by}${how === 'global' ? ', at the top level' : ''}.`, by)
    return
  }
  if (how === 'http') addToServer(document, 'authMethod', nodeOf('http'))
  const there = entryOf(map, by)
  if (there === undefined) {
    document.changed(entry, `${old} is now ${by}${describe(how)}.`)
    entry.key.value = by
    replaceValue(entry, value)
  } else if (how === 'iceServers' && isSeq(there.value) && isSeq(value)) {
    there.value.items.push(...value.items)
    moveOut(document, map, entry, true, `${old} is now among ${by}.`, by)
  } else moveOut(document, map, entry, sameValue(there.value, value), `${old} says what ${by} says, and is gone.`, by)
}

/** Takes an entry out whose value stands elsewhere now; where another value stands there, it becomes a comment. */
function moveOut(
  document: RelayDocument,
  map: YAMLMap,
  entry: Entry,
  fits: boolean,
  message: string,
  by: string,
): void {
  if (fits) {
    document.remove(map, entry)
    document.changed(entry, message)
    return
  }
  document.remove(map, entry, { itself: true })
  const key = entry.key.value
  const now = key === by ? `${key} is of the whole server` : `${key} is now ${by}`
  document.left(entry, `${now}, and has another value there already: it is kept as a comment.`)
}

function addTo(map: YAMLMap, key: string, value: Node, from: Entry): boolean {
  const there = entryOf(map, key)
  if (there !== undefined) return sameValue(there.value, value)
  map.items.push(movedEntry(key, value, from))
  return true
}

function valueFor(how: Mend, node: Node | null): Node | undefined {
  const single = singleValue(node)
  switch (how) {
    case 'inverse':
      return typeof single === 'boolean' ? nodeOf(!single) : undefined
    case 'list':
      return typeof single === 'string' ? nodeOf([single]) : undefined
    case 'port':
      return typeof single === 'number' ? nodeOf(`:${single}`) : undefined
    case 'iceServers':
      return iceServersOf(node)
    default:
      return node ?? nodeOf(null)
  }
}

function describe(how: Mend): string {
  if (how === 'inverse') return ', which says the opposite'
  if (how === 'list') return ', a list'
  if (how === 'iceServers') return ', a list of { url, username, password }'
  return how === 'http' ? ', with authMethod: http' : ''
}
