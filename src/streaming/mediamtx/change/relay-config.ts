import { configInvalid } from '../../../config/index.ts'
import { readYaml } from '../../../config/yaml.ts'
import { checkRelayFile } from '../check/check-file.ts'
import { type Dialect, dialectOf } from '../dialects/dialect.ts'
import { blocksOf, PATH_SETTINGS } from '../render/blocks.ts'
import type { RelayPlan } from '../render/plan.ts'
import { type RelayValue, typedValue } from '../scalar.ts'
import type { RelayVersion } from '../version.ts'

type Keys = Readonly<Record<string, unknown>>

/** A configuration with everything filled in, as MediaMTX itself tells it by its API. */
export interface RelayConfig {
  readonly global: Keys
  readonly paths: ReadonlyMap<string, Keys>
}

/** What a plan wants: of the keys of the whole server those that it says something of. */
export function plannedConfig(plan: RelayPlan): RelayConfig {
  // Where another's MediaMTX has its API is not for us to say.
  const others = plan.settings.attach === undefined ? ['pathDefaults'] : ['pathDefaults', 'api', 'apiAddress']
  const entries = blocksOf(plan).flatMap(block => block.entries.filter(([key]) => !others.includes(key)))
  return {
    global: Object.fromEntries(entries),
    paths: new Map(plan.paths.map(({ name, source }) => [name, { source, ...PATH_SETTINGS }])),
  }
}

/** What a configuration file says, with the defaults of the version. Throws VMS_E_CONFIG_INVALID for one that it would refuse. */
export function fileConfig(text: string, shown: string, version: RelayVersion): RelayConfig {
  const { faults } = checkRelayFile(text, shown, version)
  if (faults.length > 0) throw configInvalid(shown, faults)
  const source = readYaml(text, shown)
  const { paths, pathDefaults, ...global } = mapping(typedValue(source, source.root, []))
  const dialect = dialectOf(version)
  const ofPath = { ...defaultsOf(dialect, 'path'), ...mapping(pathDefaults) }
  return {
    global: { ...defaultsOf(dialect, 'global'), ...global },
    paths: new Map(Object.entries(mapping(paths)).map(([name, own]) => [name, { ...ofPath, ...mapping(own) }])),
  }
}

function defaultsOf(dialect: Dialect, scope: 'global' | 'path'): Keys {
  return Object.fromEntries(
    [...dialect.keys[scope]].flatMap(([key, { default: value }]) => (value === undefined ? [] : [[key, value]])),
  )
}

function mapping(value: RelayValue | undefined): { readonly [key: string]: RelayValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
