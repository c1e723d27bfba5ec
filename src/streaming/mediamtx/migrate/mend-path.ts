import type { YAMLMap } from 'yaml'
import { type Entry, entryOf, nodeOf, type RelayDocument, replaceValue, singleValue } from './relay-document.ts'

/**
 * A name such as `live/~^[a-z]+$` as a pattern of today, `~^live/([a-z]+)$`; a name that needs nothing comes back as it is. What the old
 * pattern matched is the group $G1.
 */
export function mendPathName(name: string): string {
  const tilde = name.indexOf('~')
  if (tilde > 0) {
    const body = name
      .slice(tilde + 1)
      .replace(/^\^/, '')
      .replace(/\$$/, '')
    return `~^${literal(name.slice(0, tilde).replace(/^\//, ''))}(${body})$`
  }
  if (tilde < 0 && /[\^$*+()[\]{}|]/.test(name)) return `~${name}`
  return tilde === 0 ? name : name.replace(/^\/+(?=.)/, '')
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** Mends what a path says of its source: the variable of its pattern, the transport, a script beside a source. */
export function mendSource(document: RelayDocument, path: Entry, map: YAMLMap): void {
  const source = entryOf(map, 'source')
  const url = source && singleValue(source.value)
  if (source !== undefined && typeof url === 'string' && /\$\{?MATCH\}?/.test(url)) {
    if (!path.key.value.includes('(')) wrapPattern(document, path)
    replaceValue(source, nodeOf(url.replaceAll(/\$\{?MATCH\}?/g, '$$G1')))
    document.changed(
      source,
      `source of the path ${path.key.value} has $G1 for what the pattern matched, as MediaMTX writes it.`,
    )
  }
  mendTransport(document, map)
  if (typeof url === 'string' && url !== 'publisher') mendOnDemand(document, map, url !== 'redirect')
}

/** A pattern without a group gets one around all of it. */
function wrapPattern(document: RelayDocument, path: Entry): void {
  const name = path.key.value
  if (!name.startsWith('~')) return
  path.key.value = `~^(${name.slice(1).replace(/^\^/, '').replace(/\$$/, '')})$`
  document.changed(path, `the pattern ${name} is ${path.key.value}, so that its source can refer to what it matched.`)
}

const TRANSPORTS = ['automatic', 'udp', 'multicast', 'tcp']

function mendTransport(document: RelayDocument, map: YAMLMap): void {
  const entry = entryOf(map, 'sourceProtocol') ?? entryOf(map, 'rtspTransport')
  const value = entry && singleValue(entry.value)
  if (entry === undefined || (typeof value === 'string' && TRANSPORTS.includes(value))) return
  const known = String(value).toLowerCase()
  replaceValue(entry, nodeOf(TRANSPORTS.includes(known) ? known : 'automatic'))
  document.changed(
    entry,
    `${entry.key.value}: ${String(value)} is no transport; ${TRANSPORTS.join(', ')} are, and automatic is what it meant.`,
  )
}

/** Scripts that start the source go with `publisher` alone; where MediaMTX pulls, it pulls on demand by itself. */
function mendOnDemand(document: RelayDocument, map: YAMLMap, pulled: boolean): void {
  for (const key of ['runOnDemand', 'runOnDemandRestart', 'runOnUnDemand']) {
    const entry = entryOf(map, key)
    if (entry === undefined) continue
    document.remove(map, entry, { itself: true })
    document.left(
      entry,
      `${key} goes with source: publisher alone: MediaMTX pulls this source itself and runs no script for it. It is kept as a comment.`,
    )
  }
  if (!pulled || singleValue(entryOf(map, 'sourceOnDemand')?.value ?? null) !== true) return
  for (const part of ['StartTimeout', 'CloseAfter']) {
    const entry = entryOf(map, `runOnDemand${part}`)
    if (entry === undefined || entryOf(map, `sourceOnDemand${part}`) !== undefined) continue
    document.changed(entry, `runOnDemand${part} is now sourceOnDemand${part}: it is the source that is on demand.`)
    entry.key.value = `sourceOnDemand${part}`
  }
}
