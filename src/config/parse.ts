import { type ConfigFault, type ConfigWarning, configInvalid } from './faults.ts'
import { type ResolveContext, resolveSite } from './resolve.ts'
import type { FoundFault } from './sections.ts'
import type { SiteConfig } from './types.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

export interface ParsedSite {
  readonly config: SiteConfig
  /** In the order of the file. */
  readonly warnings: readonly ConfigWarning[]
  /** Where storage.path stands, for what is found out about it later. */
  readonly storagePlace: { readonly file: string; readonly line: number; readonly column: number }
}

/**
 * The site that `text` describes; `shown` is the file's name in messages. Throws VMS_E_CONFIG_INVALID with every fault.
 * Where the YAML itself is broken, only what stands above the break, and does not lean on what follows, is told with it.
 */
export function parseSite(text: string, shown: string, context: ResolveContext): ParsedSite {
  const source = readYaml(text, shown)
  if (source.overflow) throw configInvalid(shown, source.faults)
  const { config, findings } = resolveSite(source, context)
  const faults = [...source.faults, ...trueFaults(source, findings.faults)]
  if (faults.length > 0) throw configInvalid(shown, faults)
  const warnings = [...findings.warnings].sort((a, b) => a.line - b.line || a.column - b.column)
  return { config, warnings, storagePlace: source.place(['storage', 'path']) }
}

/** The faults that are not the echo of one of `source`: not behind a break, nor where a value could not be read. */
function trueFaults(source: YamlSource, faults: readonly FoundFault[]): ConfigFault[] {
  const told = new Set(source.faults.map(({ line, column }) => `${line}:${column}`))
  return faults
    .filter(({ line, column }) => line < source.brokenFrom && !told.has(`${line}:${column}`))
    .filter(fault => !(fault.needsWholeFile && source.incomplete))
    .map(({ needsWholeFile: _, ...fault }) => fault)
}
