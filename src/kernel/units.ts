import { VmsError } from './errors.ts'

/** Milliseconds a unit has. Months and years are left out: they have no fixed length. */
const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Bit/s a unit has; decimal, as networks are (1 Mbps = 10^6 bit/s). */
const BIT_RATE_UNITS: Readonly<Record<string, number>> = {
  bps: 1,
  kbps: 1e3,
  Mbps: 1e6,
  Gbps: 1e9,
  Tbps: 1e12,
}

/** Bytes a unit has; GB is 10^9, GiB is 2^30. */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
}

const QUANTITY = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/

function parseQuantity(text: string, units: Readonly<Record<string, number>>, what: string, example: string): number {
  const match = QUANTITY.exec(text)
  if (!match)
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not a ${what}`, { hint: `Write it like ${example}.` })
  const [, number = '', unit = ''] = match
  const names = Object.keys(units)
  // Written as they are shown, read in any case.
  const factor = units[names.find(name => name.toLowerCase() === unit.toLowerCase()) ?? '']
  if (factor === undefined) {
    const problem = unit === '' ? `"${text}" of what? A ${what} needs its unit` : `"${unit}" is not a unit of a ${what}`
    throw new VmsError('VMS_E_USAGE', problem, { hint: `Write it like ${example}; units are ${names.join(', ')}.` })
  }
  const value = Number(number) * factor
  if (!Number.isFinite(value)) throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is too large a ${what}`)
  return value
}

/** Milliseconds of a text like `180s`, `1.5h`, `30d`. Throws VMS_E_USAGE without a unit, or with one that it has not. */
export function parseDuration(text: string): number {
  // Minutes, months or mega: a capital M is nobody's minute.
  if (/\d\s*M\s*$/.test(text))
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" of what? A duration needs its unit`, {
      hint: 'Write it like 180s; minutes are min or m.',
    })
  return parseQuantity(text, DURATION_UNITS, 'duration', '180s')
}

/** Bit/s of a text like `4Mbps`. Throws VMS_E_USAGE for `4`, `4M` (of what?) and `4MB` (a size). */
export function parseBitRate(text: string): number {
  return parseQuantity(text, BIT_RATE_UNITS, 'bit rate', '4Mbps')
}

/** Bytes of a text like `512MB` (10^6) or `512MiB` (2^20). */
export function parseSize(text: string): number {
  return parseQuantity(text, SIZE_UNITS, 'size', '512MB')
}

function scaled(value: number, steps: readonly (readonly [number, string])[]): string {
  const [factor, unit] = steps.find(([size]) => Math.abs(value) >= size) ?? steps[steps.length - 1]!
  const number = value / factor
  const digits = Math.abs(number) >= 100 || Number.isInteger(number) ? 0 : Math.abs(number) >= 10 ? 1 : 2
  return `${Number(number.toFixed(digits))} ${unit}`
}

/** `4.1 Mbps` from bit/s. */
export function formatBitRate(bitsPerSecond: number): string {
  return scaled(bitsPerSecond, [
    [1e12, 'Tbps'],
    [1e9, 'Gbps'],
    [1e6, 'Mbps'],
    [1e3, 'kbps'],
    [1, 'bps'],
  ])
}

/** `12.4 GB` from bytes, decimal. */
export function formatSize(bytes: number): string {
  return scaled(bytes, [
    [1e15, 'PB'],
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
    [1, 'B'],
  ])
}

/** `850 ms`, `41 s`, `3 min 20 s`, `2 h 5 min`, `12 d 4 h` from milliseconds. */
export function formatDuration(milliseconds: number): string {
  if (Math.abs(milliseconds) < 1_000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`
  const pair = (large: number, largeUnit: string, small: number, smallUnit: string) => {
    const units = Math.round(seconds / small)
    const whole = Math.floor((units * small) / large)
    const rest = Math.round(units - (whole * large) / small)
    return rest === 0 ? `${whole} ${largeUnit}` : `${whole} ${largeUnit} ${rest} ${smallUnit}`
  }
  if (seconds < 3_600) return pair(60, 'min', 1, 's')
  if (seconds < 86_400) return pair(3_600, 'h', 60, 'min')
  return pair(86_400, 'd', 3_600, 'h')
}
