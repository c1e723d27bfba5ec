import { isDeepStrictEqual } from 'node:util'

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400e9,
  h: 3_600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ns: 1,
}
/** Lists whose order means nothing, and that MediaMTX gives back in another. */
const SETS = ['rtspTransport[]', 'logDestination[]', 'rtspAuthMethod[]']

/** Whether two values of a key mean the same: `60s` and `1m0s`, `10.1.1.1` and `10.1.1.1/32`, an ICE server with and without its defaults. */
export function sameSetting(type: string, a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(normal(type, a), normal(type, b))
}

function normal(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (type === 'duration') return typeof value === 'string' ? nanoseconds(value) : value
  if (type === 'size') return typeof value === 'string' ? value.replace(/i?B$/i, '').toUpperCase() : value
  if (type === 'network')
    return typeof value === 'string' && !value.includes('/') ? `${value}/${value.includes(':') ? 128 : 32}` : value
  if (!Array.isArray(value)) return value
  if (type === 'iceServer[]') return value.map(iceServer)
  const list = value.map(entry => normal(type.replace(/\[\]$/, ''), entry))
  return SETS.includes(type) ? list.sort() : list
}

/** Its password is not compared: it comes from the environment. */
function iceServer(value: unknown): unknown {
  const { url = '', username = '' } = (value ?? {}) as Record<string, unknown>
  return { url, username }
}

function nanoseconds(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ms|us|µs|μs|ns|d|h|m|s)/g)]
  return sign * parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit!] ?? 0), 0)
}
