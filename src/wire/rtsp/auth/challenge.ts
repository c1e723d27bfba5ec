import { splitParameter, splitUnquoted } from '../parameters.ts'

/** One challenge of a WWW-Authenticate header (RFC 2617 section 1.2), or what an Authorization header holds. */
export interface AuthFields {
  /** In lower case: `basic`, `digest`. */
  readonly scheme: string
  /** What follows the scheme where it is no list of parameters: Basic's credentials. */
  readonly token: string
  /** Names in lower case, values without quotes. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Challenges that are read of one answer. */
const MAX_CHALLENGES = 16

/** All challenges of all WWW-Authenticate lines, in order. One line may hold several, separated by commas. */
export function parseChallenges(lines: readonly string[]): AuthFields[] {
  const found: { scheme: string; token: string; parameters: Map<string, string> }[] = []
  for (const line of lines)
    for (const part of splitUnquoted(line, ',')) {
      // A scheme begins a challenge: a word that is not followed by `=`. Not one of `qop=auth,auth-int` without its quotes.
      const [, scheme, rest] = /^([A-Za-z][\w-]*)(?:\s+([^=\s].*))?$/s.exec(part) ?? []
      const begun = scheme !== undefined && !(rest === undefined && /^auth(-int)?$/i.test(scheme))
      if (begun) {
        if (found.length === MAX_CHALLENGES) return found
        found.push({ scheme: scheme.toLowerCase(), token: '', parameters: new Map() })
      }
      const current = found[found.length - 1]
      const text = begun ? rest : part
      if (!current || text === undefined) continue
      const [name, value] = splitParameter(text)
      if (/^[a-z][\w-]*\s*=\s*[^=\s]/i.test(text) || text.endsWith('=""')) current.parameters.set(name, value)
      else if (begun) current.token = text
    }
  return found
}

/** An Authorization header; undefined for none. */
export function parseAuthorization(value: string | undefined): AuthFields | undefined {
  return value === undefined ? undefined : parseChallenges([value])[0]
}
