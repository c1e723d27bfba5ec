import type { Path, Plain, YamlSource } from '../../config/yaml.ts'

/** What MediaMTX reads: YAML's own types, where our own files have texts only. */
export type RelayValue = string | number | boolean | null | RelayValue[] | { [key: string]: RelayValue }

const TRUE = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/
const FALSE = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/
const WHOLE = /^[-+]?(?:0|[1-9][0-9_]*)$/
const OTHER_BASE = /^[-+]?(?:0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+)$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

/** A plain scalar as MediaMTX's YAML readers take it: YAML 1.2's types, and the truths of 1.1 (internal/conf/yamlwrapper). */
export function plainScalar(text: string): string | number | boolean | null {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  const digits = text.replaceAll('_', '')
  if (WHOLE.test(text)) return Number(digits)
  if (OTHER_BASE.test(text)) return otherBase(digits)
  if (FLOAT.test(text)) return Number(digits)
  return text
}

function otherBase(digits: string): number {
  const sign = digits.startsWith('-') ? -1 : 1
  const rest = digits.replace(/^[-+]/, '')
  return sign * Number(/^0[0-7]/.test(rest) ? `0o${rest.slice(1)}` : rest)
}

/** The value at `path` with its types. A key with no value is null. */
export function typedValue(source: YamlSource, plain: Plain, path: Path): RelayValue {
  if (plain === null) return null
  if (typeof plain === 'string') return source.quoted(path) ? plain : plainScalar(plain)
  if (Array.isArray(plain)) return plain.map((entry, index) => typedValue(source, entry, [...path, index]))
  return typedEntries(source, plain, path)
}

function typedEntries(source: YamlSource, plain: { [key: string]: Plain }, path: Path): { [key: string]: RelayValue } {
  const map: { [key: string]: RelayValue } = Object.create(null)
  for (const [key, value] of Object.entries(plain)) map[key] = typedValue(source, value, [...path, key])
  for (const key of source.emptyKeys(path)) map[key] = null
  return map
}
