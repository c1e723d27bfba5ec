import { hostname } from 'node:os'
import { dirname, relative } from 'node:path'
import { type FindOptions, findConfig } from './find.ts'
import type { ParsedSite } from './parse.ts'
import { readConfigText } from './read-file.ts'

export interface LoadOptions extends FindOptions {
  /** Names the site where the file does not; this machine's by default. */
  readonly hostname?: string
  /** IANA name used where the file has none; the system's by default. */
  readonly timezone?: string
  /** What paths in messages count from; the working directory by default. */
  readonly shownFrom?: string
}

/**
 * Finds, reads and checks a configuration. `path` is --config's value, or undefined to look in the usual places. Throws
 * VMS_E_CONFIG_NOT_FOUND, or VMS_E_CONFIG_INVALID with every fault of the file.
 */
export async function loadSiteConfig(path: string | undefined, options: LoadOptions): Promise<ParsedSite> {
  const file = findConfig(path, options)
  const shown = shownPath(file, options.shownFrom ?? options.cwd)
  const { text, regular } = await readConfigText(file, shown)
  return parseSiteText(text, shown, { ...options, file, directory: regular ? dirname(file) : options.cwd })
}

/** Checks a text as if it stood in `file`. The parser and the schema are loaded here and not before. */
export async function parseSiteText(
  text: string,
  shown: string,
  options: { file: string; directory: string; hostname?: string; timezone?: string },
): Promise<ParsedSite> {
  const { parseSite } = await import('./parse.ts')
  return parseSite(text, shown, {
    file: options.file,
    directory: options.directory,
    hostname: options.hostname ?? hostname(),
    timezone: options.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
}

/** How a file is named in messages: relative where it lies below the working directory, if that is not the root. */
export function shownPath(file: string, cwd: string): string {
  if (cwd === '/') return file
  const path = relative(cwd, file)
  return path === '' || path.startsWith('..') ? file : path
}
