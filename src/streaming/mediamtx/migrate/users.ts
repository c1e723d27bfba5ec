import { isSeq, type Node, type YAMLMap } from 'yaml'
import type { RelayValue } from '../scalar.ts'
import { type Entry, entriesOf, entryOf, nodeOf, type RelayDocument, singleValue } from './relay-document.ts'
import { addToServer } from './whole-server.ts'

const KEYS: Readonly<Record<string, readonly ['publish' | 'read', 'user' | 'pass' | 'ips']>> = {
  publishUser: ['publish', 'user'],
  publishPass: ['publish', 'pass'],
  publishIPs: ['publish', 'ips'],
  publishIps: ['publish', 'ips'],
  readUser: ['read', 'user'],
  readPass: ['read', 'pass'],
  readIPs: ['read', 'ips'],
  readIps: ['read', 'ips'],
}
/** What people write for a variable of the environment. MediaMTX has `$` in passwords. */
const VARIABLE = /\$\{\w+\}|^\$[A-Z_]+$/
/** A hash that nobody knows a password of. */
const LOCKED = 'sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
/** What MediaMTX itself allows beside the users of old (internal/conf/conf.go, Validate). */
const ALWAYS: readonly RelayValue[] = [
  { user: 'any', permissions: [{ action: 'playback' }] },
  {
    user: 'any',
    ips: ['127.0.0.1/32', '::1/128'],
    permissions: [{ action: 'api' }, { action: 'metrics' }, { action: 'pprof' }],
  },
]

type Login = { user?: Node | null; pass?: Node | null; ips?: Node | null }
type Logins = { publish?: Login; read?: Login }

/** Makes authInternalUsers of the users, passwords and addresses that paths had for themselves. `paths` are entries of paths. */
export function mendUsers(document: RelayDocument, paths: readonly Entry[], defaults: YAMLMap | undefined): void {
  const common = defaults === undefined ? {} : takeLogins(document, defaults, ' of pathDefaults')
  const logins = paths.map(entry => {
    const own =
      entriesOf(entry.value).length === 0
        ? {}
        : takeLogins(document, entry.value as YAMLMap, ` of the path ${entry.key.value}`)
    return { entry, read: own.read ?? common.read, publish: own.publish ?? common.publish }
  })
  if (logins.every(({ read, publish }) => read === undefined && publish === undefined)) return
  const there = entryOf(document.root, 'authInternalUsers')
  const list = isSeq(there?.value) ? there.value : undefined
  const users: Node[] = list ? [] : ALWAYS.map(nodeOf)
  const first = list?.items.length ?? 0
  for (const { entry, read, publish } of logins) {
    const pulled = singleValue(entryOf(entry.value as YAMLMap, 'source')?.value ?? null) ?? 'publisher'
    users.push(userNode(document, entry, 'read', read, first + users.length))
    if (pulled === 'publisher') users.push(userNode(document, entry, 'publish', publish, first + users.length))
  }
  if (list) list.items.push(...users)
  else {
    const node = nodeOf([])
    if (isSeq(node)) node.items = users
    addToServer(document, 'authInternalUsers', node)
  }
}

/** Takes the old keys out of a mapping. */
function takeLogins(document: RelayDocument, map: YAMLMap, where: string): Logins {
  const logins: Logins = {}
  for (const entry of entriesOf(map)) {
    const known = Object.hasOwn(KEYS, entry.key.value) ? KEYS[entry.key.value] : undefined
    if (known === undefined) continue
    const [action, part] = known
    logins[action] = { ...logins[action], [part]: entry.value }
    document.remove(map, entry)
    document.changed(entry, `${entry.key.value}${where} is now in authInternalUsers, at the top level.`)
  }
  return logins
}

function userNode(document: RelayDocument, path: Entry, action: string, login: Login | undefined, index: number): Node {
  const user = textOf(login?.user) ?? 'any'
  const pass = textOf(login?.pass)
  const name = path.key.value
  const where = name === 'all' || name === 'all_others' ? '~^.*$' : name
  const from = addresses(login?.ips)
  const variable = [user, pass ?? ''].find(text => VARIABLE.test(text))
  if (variable !== undefined)
    document.left(
      path,
      `MediaMTX does not fill in ${variable}: give it to MediaMTX as the environment variable MTX_AUTHINTERNALUSERS_${index}_${variable === pass ? 'PASS' : 'USER'}; until then nobody can log in to the path ${name}.`,
    )
  return nodeOf({
    user,
    ...(pass === undefined ? {} : { pass: VARIABLE.test(pass) ? LOCKED : pass }),
    ...(from.length === 0 ? {} : { ips: from }),
    permissions: [{ action, path: where }],
  })
}

function textOf(node: Node | null | undefined): string | undefined {
  const value = node === undefined ? undefined : singleValue(node)
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

function addresses(node: Node | null | undefined): string[] {
  if (isSeq(node)) return node.items.map(item => String(singleValue(item as Node) ?? ''))
  return textOf(node) === undefined ? [] : [textOf(node)!]
}
