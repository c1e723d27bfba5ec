import { type ConfigFault, Findings, readYaml } from '../../../config/yaml.ts'
import { dialectOf } from '../dialects/dialect.ts'
import { type RelayValue, typedValue } from '../scalar.ts'
import type { RelayVersion } from '../version.ts'
import { checkKeys } from './check-keys.ts'
import { checkAllNames, checkPath } from './check-paths.ts'
import { checkServer } from './check-server.ts'

export interface RelayFileCheck {
  /** Why this version would refuse the file, in its order. */
  readonly faults: readonly ConfigFault[]
  /** Keys that work and are replaced. */
  readonly warnings: readonly ConfigFault[]
  readonly paths: number
}

type Mapping = { [key: string]: RelayValue }

/** What MediaMTX `version` makes of a configuration file: all of it, each with its place. Never throws. */
export function checkRelayFile(text: string, shown: string, version: RelayVersion): RelayFileCheck {
  const source = readYaml(text, shown)
  if (source.overflow) return { faults: source.faults, warnings: [], paths: 0 }
  const findings = new Findings(source)
  const dialect = dialectOf(version)
  const root = mapping(findings, typedValue(source, source.root, []), [], 'a configuration of MediaMTX')
  checkKeys(findings, dialect, 'global', root, [])
  checkServer(findings, root)
  const defaults = mapping(findings, root.pathDefaults ?? null, ['pathDefaults'], 'pathDefaults')
  checkKeys(findings, dialect, 'path', defaults, ['pathDefaults'])
  const paths = mapping(findings, root.paths ?? null, ['paths'], 'paths')
  checkAllNames(findings, Object.keys(paths), ['paths'])
  for (const [name, value] of Object.entries(paths)) {
    const place = ['paths', name]
    const own = mapping(findings, value, place, 'a path')
    checkKeys(findings, dialect, 'path', own, place)
    checkPath(findings, version, name, own, defaults, place)
  }
  return {
    faults: inOrder([...source.faults, ...findings.trueFaults()]),
    warnings: inOrder(findings.warnings.filter(({ line }) => line < source.brokenFrom)),
    paths: Object.keys(paths).length,
  }
}

/** What is written empty is an empty mapping. */
function mapping(findings: Findings, value: RelayValue, path: readonly string[], what: string): Mapping {
  if (value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value
  findings.fault(path, `${what} wants "key: value" entries`)
  return {}
}

function inOrder(faults: readonly ConfigFault[]): ConfigFault[] {
  return [...faults].sort((a, b) => a.line - b.line || a.column - b.column)
}
