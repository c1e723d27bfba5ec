import { type ConfigWarning, formatFault, loadSiteConfig, type ParsedSite } from '../config/index.ts'

/** Loads the configuration for a command, and tells its warnings on standard error unless `quiet`. */
export async function loadSite(flags: { config?: string | undefined; quiet?: boolean }): Promise<ParsedSite> {
  const site = await loadSiteConfig(flags.config, { env: process.env, cwd: process.cwd() })
  if (!flags.quiet) tellWarnings(site.warnings)
  return site
}

export function tellWarnings(warnings: readonly ConfigWarning[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${formatFault(warning)}\n`)
}
