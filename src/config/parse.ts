import { type ConfigWarning, configInvalid } from './faults.ts'
import { type ResolveContext, resolveSite } from './resolve.ts'
import type { SiteConfig } from './types.ts'
import { readYaml } from './yaml-source.ts'

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
  const faults = [...source.faults, ...findings.trueFaults()]
  if (faults.length > 0) throw configInvalid(shown, faults)
  const warnings = [...findings.warnings].sort((a, b) => a.line - b.line || a.column - b.column)
  return { config, warnings, storagePlace: source.place(['storage', 'path']) }
}
