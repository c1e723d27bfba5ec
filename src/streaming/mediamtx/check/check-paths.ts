import { type Findings, type Path, quote } from '../../../config/yaml.ts'
import { SOURCES } from '../dialects/value-types.ts'
import type { RelayValue } from '../scalar.ts'
import { isSince, type RelayVersion } from '../version.ts'

type Mapping = { readonly [key: string]: RelayValue }

const PLAIN_NAME = /^[0-9a-zA-Z_\-/.]+$/
/** Names that stand for every path not named otherwise. */
const ALL = ['all', 'all_others', '~^.*$']

/** What MediaMTX refuses of a path besides unknown keys (internal/conf/path.go, validate). `own`: keys of the path itself; `defaults`: of pathDefaults. */
export function checkPath(
  findings: Findings,
  version: RelayVersion,
  name: string,
  own: Mapping,
  defaults: Mapping,
  path: Path,
): void {
  const pattern = name.startsWith('~') || ALL.includes(name)
  const nameProblem = pattern ? patternProblem(name) : plainNameProblem(name)
  if (nameProblem !== undefined) findings.fault(path, nameProblem.message, nameProblem.hint, { part: 'key' })
  const value = (key: string) => own[key] ?? defaults[key]
  const source = value('source') ?? 'publisher'
  if (typeof source !== 'string') return
  const at = (key: string): Path => (key in own ? [...path, key] : path)
  if (!isSource(source, version))
    findings.fault(
      at('source'),
      `source: ${quote(source)} is nothing that MediaMTX reads from`,
      'such as rtsp://HOST/PATH, or publisher',
    )
  else if (source.includes('${')) {
    findings.fault(
      at('source'),
      `source: ${quote(source)} has a variable; MediaMTX fills in $G1, $G2 (groups of the path's pattern) alone`,
    )
  }
  for (const key of ['runOnDemand', 'runOnUnDemand'])
    if (value(key) && source !== 'publisher')
      findings.fault(at(key), `${key} goes with source: publisher alone`, 'take it out, or the source')
  const isStatic = source !== 'publisher' && source !== 'redirect'
  if (value('sourceOnDemand') === true && source === 'publisher')
    findings.fault(at('sourceOnDemand'), 'sourceOnDemand without a source', 'name one: source: rtsp://HOST/PATH')
  if (pattern && isStatic && value('sourceOnDemand') !== true)
    findings.fault(at('source'), 'a pattern with a source needs sourceOnDemand: yes')
  if (pattern && value('runOnInit'))
    findings.fault(at('runOnInit'), 'runOnInit does not go with a pattern', 'give it a path of its own')
  if (source !== 'redirect' && value('sourceRedirect'))
    findings.fault(at('sourceRedirect'), 'sourceRedirect goes with source: redirect alone')
}

/** At most one of the names that stand for all. */
export function checkAllNames(findings: Findings, names: readonly string[], path: Path): void {
  for (const name of names.filter(name => ALL.includes(name)).slice(1))
    findings.fault([...path, name], `${quote(name)} is a second path for all others`, 'keep one of them', {
      part: 'key',
    })
}

function isSource(source: string, version: RelayVersion): boolean {
  if (['publisher', 'redirect', 'rpiCamera'].includes(source)) return true
  return SOURCES.some(({ prefix, since }) => source.startsWith(prefix) && isSince(version, since as RelayVersion))
}

function patternProblem(name: string): { message: string; hint?: string } | undefined {
  if (!name.startsWith('~')) return undefined
  try {
    // Go's RE2 is a smaller language; what JavaScript refuses, it refuses too, but for flags at the beginning and \A \z.
    new RegExp(
      name
        .slice(1)
        .replace(/^\(\?[imsU]+\)/, '')
        .replaceAll(/\(\?P</g, '(?<'),
    )
    return undefined
  } catch {
    return { message: `${quote(name)} is not a regular expression` }
  }
}

function plainNameProblem(name: string): { message: string; hint?: string } | undefined {
  if (name === '') return { message: 'a path without a name' }
  if (name.includes('~') || /[\^$*+()[\]{}|]/.test(name))
    return {
      message: `${quote(name)} is a pattern that does not begin with "~"`,
      hint: 'write it like ~^live/([a-z0-9]+)$',
    }
  if (name.startsWith('/') || name.endsWith('/'))
    return { message: `the path ${quote(name)} begins or ends with a slash` }
  if (!PLAIN_NAME.test(name))
    return { message: `the path ${quote(name)} holds more than letters, digits, "_", "-", "." and "/"` }
  if (name.split('/').some(part => part === '.' || part === '..'))
    return { message: `the path ${quote(name)} has "." or ".." between slashes` }
  return undefined
}
