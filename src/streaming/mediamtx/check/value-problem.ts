import { didYouMean, parseNetwork, quote } from '../../../config/yaml.ts'
import { CHOICES } from '../dialects/value-types.ts'
import type { RelayValue } from '../scalar.ts'

export interface Problem {
  /** The end of a sentence that begins with the key. */
  readonly message: string
  readonly hint?: string
}

const DURATION = /^-?(?:\d+d)?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*$|^0$/
const SIZE = /^\s*(?:\d+(?:\.\d*)?|\.\d+)\s*(?:B|[KMGTPE](?:I?B)?)\s*$/i
const CREDENTIAL = /^[a-zA-Z0-9!$()*+.;<=>[\]^_\-{}@#&]*$|^sha256:[a-zA-Z0-9+/=]+$|^argon2:/

/** What is wrong with a single value of `type`, which is no list and no mapping; undefined where MediaMTX takes it. */
export function valueProblem(type: string, value: RelayValue): Problem | undefined {
  if (Array.isArray(value)) return { message: 'wants a single value, not a list' }
  if (typeof value === 'object' && value !== null) return { message: 'wants a single value, not "key: value" entries' }
  switch (type) {
    case 'bool':
      return boolProblem(value)
    case 'int':
    case 'uint':
      return wholeProblem(type, value)
    case 'float':
      return typeof value === 'number' || value === null
        ? undefined
        : { message: `wants a number, not ${shown(value)}` }
    default:
      return textProblem(type, value)
  }
}

function boolProblem(value: string | number | boolean | null): Problem | undefined {
  if (typeof value === 'boolean' || value === null) return undefined
  const meant = typeof value === 'string' && /^(?:true|false|yes|no|on|off)$/i.test(value)
  return { message: `wants yes or no, not ${shown(value)}`, ...(meant ? { hint: 'take the quotes away' } : {}) }
}

function wholeProblem(type: 'int' | 'uint', value: string | number | boolean | null): Problem | undefined {
  if (value === null) return undefined
  const least = type === 'uint' ? 0 : Number.MIN_SAFE_INTEGER
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return undefined
  const meant = typeof value === 'string' && /^\d+$/.test(value)
  return {
    message: `wants a whole number${type === 'uint' ? ', not below 0' : ''}, not ${shown(value)}`,
    ...(meant ? { hint: 'take the quotes away' } : {}),
  }
}

function textProblem(type: string, value: string | number | boolean | null): Problem | undefined {
  const choices = CHOICES[type]
  if (value === null)
    return type === 'text' || type === 'credential' || choices?.includes('') ? undefined : { message: 'has no value' }
  if (typeof value !== 'string') {
    const hint = type === 'duration' ? `such as "${value}s"` : `write it in quotes: "${value}"`
    return { message: `wants ${WANTED[type] ?? 'a text'}, and ${shown(value)} is ${kind(value)} here`, hint }
  }
  if (choices !== undefined) {
    if (choices.includes(value)) return undefined
    const known = choices.filter(choice => choice !== '' && !/^(?:true|false|yes)$/.test(choice))
    const near = didYouMean(value, known)
    return {
      message: `${quote(value)} is not one of ${known.join(', ')}`,
      ...(near?.startsWith('did') ? { hint: near } : {}),
    }
  }
  if (type === 'duration' && !DURATION.test(value))
    return { message: `${quote(value)} is not a time`, hint: 'such as 10s, 1m30s or 7d' }
  if (type === 'size' && !SIZE.test(value)) return { message: `${quote(value)} is not a size`, hint: 'such as 50M' }
  if (type === 'network' && parseNetwork(value) === undefined)
    return { message: `${quote(value)} is not a network`, hint: 'such as 10.0.0.0/8' }
  if (type === 'credential' && !CREDENTIAL.test(value))
    return { message: 'holds characters that MediaMTX takes only hashed', hint: 'write it as sha256:BASE64' }
  return undefined
}

const WANTED: Readonly<Record<string, string>> = {
  duration: 'a time with its unit',
  size: 'a size with its unit',
  network: 'a network',
}

function kind(value: number | boolean): string {
  return typeof value === 'number' ? 'a number' : 'a truth'
}

function shown(value: string | number | boolean): string {
  return typeof value === 'string' ? quote(value) : String(value)
}
