import { isMap, type YAMLMap } from 'yaml'
import { configInvalid } from '../../../config/index.ts'
import { type ConfigFault, readYaml } from '../../../config/yaml.ts'
import { checkRelayFile } from '../check/check-file.ts'
import { type Dialect, dialectOf, formerKey, type Scope } from '../dialects/dialect.ts'
import type { RelayVersion } from '../version.ts'
import { mendKey } from './mend-key.ts'
import { mendPathName, mendSource } from './mend-path.ts'
import { type Entry, entriesOf, entryOf, type MigrationNote, RelayDocument } from './relay-document.ts'
import { mendUsers } from './users.ts'
import { mendSwitch } from './whole-server.ts'

export interface Migration {
  /** The file in the words of the version; comments and order are kept. As it was, to the byte, where nothing was old. */
  readonly text: string
  /** What was changed, and what could not be carried over; in the order of the file. */
  readonly notes: readonly MigrationNote[]
  /** What `version` still refuses of the result. Places are in the result. */
  readonly faults: readonly ConfigFault[]
}

/** Mends a configuration of any MediaMTX since 2020 for `version`. Done twice it does nothing. Throws VMS_E_CONFIG_INVALID for what is not YAML. */
export function migrateRelayFile(text: string, shown: string, version: RelayVersion): Migration {
  const source = readYaml(text, shown)
  if (source.faults.length > 0) throw configInvalid(shown, source.faults)
  const document = new RelayDocument(text)
  const dialect = dialectOf(version)
  const paths = entriesOf(entryOf(document.root, 'paths')?.value)
  const defaults = entryOf(document.root, 'pathDefaults')?.value
  for (const path of paths) mendPath(document, dialect, path)
  if (isMap(defaults)) mendKeys(document, dialect, 'path', defaults, ' of pathDefaults')
  mendUsers(document, paths, isMap(defaults) ? defaults : undefined)
  mendKeys(document, dialect, 'global', document.root, '')
  const result = document.toString()
  return {
    text: result,
    notes: [...document.notes].sort((a, b) => a.line - b.line),
    faults: checkRelayFile(result, shown, version).faults,
  }
}

function mendPath(document: RelayDocument, dialect: Dialect, path: Entry): void {
  const old = path.key.value
  const name = mendPathName(old)
  if (name !== old) {
    path.key.value = name
    document.changed(path, `the path ${old} is now ${name}${name.startsWith('~') ? ': a pattern begins with ~' : ''}.`)
  }
  if (!isMap(path.value)) return
  mendSource(document, path, path.value)
  mendKeys(document, dialect, 'path', path.value, ` of the path ${name}`)
}

/** Replaces the old keys of a mapping, and moves to the top level what is not a path's. Users are left for mendUsers. */
function mendKeys(document: RelayDocument, dialect: Dialect, scope: Scope, map: YAMLMap, where: string): void {
  // Replacing may make a key that is itself replaced (rpiCameraProfile, of 2022): at most twice.
  for (let round = 0; round < 3; round++)
    for (const entry of entriesOf(map)) mendEntry(document, dialect, scope, map, entry, where)
}

function mendEntry(
  document: RelayDocument,
  dialect: Dialect,
  scope: Scope,
  map: YAMLMap,
  entry: Entry,
  where: string,
): void {
  const key = entry.key.value
  const facts = dialect.keys[scope].get(key)
  const replaced = facts?.deprecated === undefined ? undefined : facts
  const former = facts === undefined ? formerKey(scope, key) : undefined
  const by = replaced?.by ?? former?.by
  const how = replaced?.how ?? former?.how ?? 'same'
  if (how === 'users') return
  if (former?.how === 'global') mendSwitch(document, map, entry, former.by, where)
  else if (by !== undefined) mendKey(document, map, entry, { by, how, where })
  else if (facts === undefined && scope === 'path' && dialect.keys.global.has(key))
    mendKey(document, map, entry, { by: key, how: 'global', where })
}
