import { didYouMean, type Findings, type Path, quoteKey } from '../../../config/yaml.ts'
import { broughtBy, type Dialect, formerKey, type KeyFacts, type Scope } from '../dialects/dialect.ts'
import { OBJECTS } from '../dialects/value-types.ts'
import type { RelayValue } from '../scalar.ts'
import { valueProblem } from './value-problem.ts'

type Mapping = { readonly [key: string]: RelayValue }

const PLACES: Readonly<Record<Scope, string>> = { global: 'the whole server', path: 'a path' }
/** Top-level keys that hold mappings of their own. */
const SECTIONS = ['pathDefaults', 'paths']

/** Tells keys of a mapping that `dialect` lacks, those that are replaced (as warnings), and values of the wrong type. */
export function checkKeys(findings: Findings, dialect: Dialect, scope: Scope, map: Mapping, path: Path): void {
  const keys = dialect.keys[scope]
  for (const [key, value] of Object.entries(map)) {
    const place = [...path, key]
    if (scope === 'global' && SECTIONS.includes(key)) continue
    const facts = keys.get(key)
    if (facts === undefined) {
      findings.fault(place, ...unknownKey(findings, dialect, scope, key), { part: 'key' })
      continue
    }
    if (facts.deprecated !== undefined) findings.warn(place, ...replacedKey(key, facts))
    checkValue(findings, key, facts.type, value, place)
  }
}

function unknownKey(findings: Findings, dialect: Dialect, scope: Scope, key: string): [string, string | undefined] {
  const former = formerKey(scope, key)
  if (former?.last !== undefined) return [`${quoteKey(key)} went after ${former.last}`, `${former.by} replaces it`]
  if (former !== undefined)
    return [
      `${quoteKey(key)} is not a key of a path`,
      `protocols are of the whole server: ${former.by}, at the top level`,
    ]
  const since = broughtBy(scope, key)
  if (since !== undefined) return [`${quoteKey(key)} came with ${since}; this is ${dialect.version}`, undefined]
  const other = scope === 'global' ? 'path' : 'global'
  const elsewhere = dialect.keys[other].get(key)
  if (elsewhere !== undefined) {
    const name = elsewhere.by ?? key
    const hint = other === 'global' ? `write ${name} at the top level` : `write ${name} in a path or in pathDefaults`
    return [`${quoteKey(key)} is a key of ${PLACES[other]}, not of ${PLACES[scope]}`, hint]
  }
  const known = [...dialect.keys[scope].keys(), ...(scope === 'global' ? SECTIONS : [])]
  return [`${quoteKey(key)} is not a key of ${PLACES[scope]}`, findings.suggests ? didYouMean(key, known) : undefined]
}

function replacedKey(key: string, { deprecated, by }: KeyFacts): [string, string] {
  if (by === undefined) return [`${quoteKey(key)} has been on its way out since ${deprecated}`, 'take it out']
  return [`${quoteKey(key)} still works and was replaced in ${deprecated}`, `${by} replaces it`]
}

function checkValue(findings: Findings, key: string, type: string, value: RelayValue, path: Path): void {
  if (type.endsWith('[]')) {
    const of = type.slice(0, -2)
    if (Array.isArray(value))
      for (const [index, entry] of value.entries()) checkEntry(findings, key, of, entry, [...path, index])
    else
      findings.fault(
        path,
        `${key} wants a list${value === null ? ' and has no value' : ''}`,
        `${key}: [${value === null ? '' : '...'}]`,
      )
    return
  }
  const problem = valueProblem(type, value)
  if (problem !== undefined) findings.fault(path, `${key}: ${problem.message}`, problem.hint)
}

function checkEntry(findings: Findings, key: string, type: string, value: RelayValue, path: Path): void {
  const fields = OBJECTS[type]
  if (fields === undefined) return checkValue(findings, key, type, value, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    findings.fault(
      path,
      `an entry of ${key} wants "key: value" entries`,
      `{ ${Object.keys(fields).join(': ..., ')}: ... }`,
    )
    return
  }
  for (const [field, inner] of Object.entries(value)) {
    const place = [...path, field]
    const known = Object.hasOwn(fields, field) ? fields[field] : undefined
    if (known !== undefined) checkValue(findings, field, known, inner, place)
    else
      findings.fault(
        place,
        `${quoteKey(field)} is not a key of an entry of ${key}`,
        didYouMean(field, Object.keys(fields)),
        {
          part: 'key',
        },
      )
  }
}
