import { VmsError } from '../../kernel/errors.ts'
import { formatMoney, type Money, parseMoney } from '../../kernel/money.ts'
import {
  formatBitRate,
  formatDuration,
  formatSize,
  parseBitRate,
  parseDuration,
  parseSize,
} from '../../kernel/units.ts'
import type { Spread } from './types.ts'

/** How a setting is written, read, and judged. Parsing throws VMS_E_USAGE with a sentence that does not name the setting. */
export interface ValueType {
  /** For help: `4Mbps`. */
  readonly example: string
  parse(text: string): unknown
  format(value: unknown): string
  /** What is wrong with a value, as `is below 0`; undefined when it is right. For values of plan files as well. */
  problem(value: unknown): string | undefined
  /** A spread's own way to take one value in place of three. */
  readonly spreads?: boolean
}

interface Range {
  readonly min?: number
  readonly max?: number
  /** `min` itself is too little. */
  readonly above?: boolean
}

interface Scale {
  readonly what: string
  readonly example: string
  readonly parse: (text: string) => number
  readonly format: (value: number) => string
}

const plain = (value: number) => String(Number(value.toPrecision(12)))

const NUMBER: Scale = { what: 'number', example: '0.5', parse: parseNumber, format: plain }
const SHARE: Scale = {
  what: 'share',
  example: '20%',
  parse: parseShare,
  format: value => `${plain(value * 100)}%`,
}
const BIT_RATE: Scale = {
  what: 'bit rate',
  example: '4Mbps',
  parse: parseBitRate,
  format: spell(formatBitRate, parseBitRate, 'bps'),
}
const SIZE: Scale = { what: 'size', example: '16TB', parse: parseSize, format: spell(formatSize, parseSize, 'B') }
const DURATION: Scale = {
  what: 'duration',
  example: '30d',
  parse: parseDuration,
  format: spell(formatDuration, parseDuration, 'ms'),
}
const BYTE_RATE: Scale = {
  what: 'speed',
  example: '100MB/s',
  parse: parseByteRate,
  format: value => `${SIZE.format(value)}/s`,
}
const POWER: Scale = { what: 'power', example: '118W', parse: parsePower, format: value => `${plain(value)}W` }

export const number = (range: Range) => scalar(NUMBER, range)
export const share = (range: Range = {}) => scalar(SHARE, { min: 0, max: 1, ...range })
export const bitRate = (range: Range = {}) => scalar(BIT_RATE, { min: 0, max: 1e15, ...range })
export const size = (range: Range = {}) => scalar(SIZE, { min: 0, max: 1e18, ...range })
export const duration = (range: Range = {}) => scalar(DURATION, { min: 0, max: 100 * 365 * 86_400_000, ...range })
export const byteRate = (range: Range = {}) => scalar(BYTE_RATE, { min: 0, max: 1e15, above: true, ...range })
export const power = (range: Range = {}) => scalar(POWER, { min: 0, max: 1e6, ...range })

/** A whole number. */
export function integer(range: Range): ValueType {
  const scale: Scale = { what: 'whole number', example: '200', parse: parseWhole, format: plain }
  const type = scalar(scale, range)
  return {
    ...type,
    problem: value =>
      Number.isInteger(value) || typeof value !== 'number' ? type.problem(value) : 'is not a whole number',
  }
}

function scalar({ parse, format, example, what }: Scale, range: Range): ValueType {
  return {
    example,
    parse,
    format: value => format(value as number),
    problem: value => {
      if (typeof value !== 'number' || !Number.isFinite(value)) return `is not a ${what}`
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, above = false } = range
      if (value < min || (above && value === min))
        return above
          ? `must be more than ${min === 0 ? '0' : format(min)}`
          : `is below ${min === 0 ? '0' : format(min)}`
      return value > max ? `is more than ${format(max)}` : undefined
    },
  }
}

/** One of some words. */
export function choice<T extends string>(words: readonly T[]): ValueType {
  return {
    example: words.join('|'),
    parse: text => text.trim().toLowerCase(),
    format: String,
    problem: value => (words.includes(value as T) ? undefined : `is none of ${words.join(', ')}`),
  }
}

/** `on` or `off`. */
export const onOff: ValueType = {
  example: 'on|off',
  parse: text =>
    ({ on: true, yes: true, true: true, off: false, no: false, false: false })[text.trim().toLowerCase()] ?? text,
  format: value => (value ? 'on' : 'off'),
  problem: value => (typeof value === 'boolean' ? undefined : 'is neither on nor off'),
}

/** A word in place of a value: null. */
export function orWord(word: string, type: ValueType): ValueType {
  return {
    ...type,
    example: `${type.example}|${word}`,
    parse: text => (text.trim().toLowerCase() === word ? null : type.parse(text)),
    format: value => (value === null ? word : type.format(value)),
    problem: value => (value === null ? undefined : type.problem(value)),
  }
}

/** P10,P50,P90 of a type, or one value: certain, or (`around`) spread as widely as the default is. */
export function spread(type: ValueType, around?: Spread): ValueType {
  return {
    example: `${type.example}, or P10,P50,P90`,
    spreads: true,
    parse: text => {
      const parts = text.split(',').map(part => type.parse(part) as number)
      if (parts.length === 3) return { p10: parts[0]!, p50: parts[1]!, p90: parts[2]! }
      if (parts.length !== 1)
        throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 60)}" has ${parts.length} values`, {
          hint: `Write one value, or three: P10,P50,P90, such as ${type.example},${type.example},${type.example}.`,
        })
      const p50 = parts[0]!
      if (around === undefined) return { p10: p50, p50, p90: p50 }
      return { p10: p50 * (around.p10 / around.p50), p50, p90: p50 * (around.p90 / around.p50) }
    },
    format: value => {
      const { p10, p50, p90 } = value as Spread
      return p10 === p90 ? type.format(p50) : [p10, p50, p90].map(type.format).join(',')
    },
    problem: value => {
      const { p10, p50, p90 } = (value ?? {}) as Partial<Spread>
      for (const part of [p10, p50, p90]) {
        const problem = type.problem(part)
        if (problem) return problem
      }
      if (p10! > p50!) return `has a P50 (${type.format(p50)}) under its P10 (${type.format(p10)})`
      return p50! > p90! ? `has a P90 (${type.format(p90)}) under its P50 (${type.format(p50)})` : undefined
    },
  }
}

/** An amount with its currency. */
export const money: ValueType = {
  example: '2500USD',
  parse: parseMoney,
  format: value => formatMoney(value as Money),
  problem: value => {
    const { amount, currency } = (value ?? {}) as Partial<Money>
    if (typeof currency !== 'string' || typeof amount !== 'number' || !Number.isFinite(amount))
      return 'is not an amount of money'
    return amount < 0 || amount > 1e12 ? 'is not between 0 and 10^12' : undefined
  },
}

/** Three letters; whether a rate is known is judged with the prices. */
export const currencyCode: ValueType = {
  example: 'USD',
  parse: text => text.trim().toUpperCase(),
  format: String,
  problem: value =>
    typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? undefined : 'is not the three letters of a currency',
}

/** YYYY-MM-DD. */
export const day: ValueType = {
  example: '2026-11-25',
  parse: text => text.trim(),
  format: String,
  problem: value => {
    const known = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    return known ? undefined : 'is not a day, such as 2026-11-25'
  },
}

function parseNumber(text: string): number {
  if (!/^\s*-?\d+(\.\d+)?\s*$/.test(text))
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not a number`, { hint: 'Write it like 0.5.' })
  return Number(text)
}

function parseWhole(text: string): number {
  if (!/^\s*-?\d+(\.\d+)?\s*$/.test(text))
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not a whole number`, {
      hint: 'Write digits alone, like 200.',
    })
  return Number(text)
}

function parseShare(text: string): number {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text)
  const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN
  if (match && !match[2] && value > 1)
    throw new VmsError('VMS_E_USAGE', `"${text.trim()}" of what?`, {
      hint: `Write ${text.trim()}%, or a share from 0 to 1.`,
    })
  if (Number.isNaN(value))
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not a share`, { hint: 'Write it like 20% or 0.2.' })
  return value
}

function parseByteRate(text: string): number {
  const match = /^(.*)\/\s*s\s*$/.exec(text)
  if (!match)
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not a speed in bytes`, {
      hint: 'Write it like 100MB/s.',
    })
  return parseSize(match[1]!)
}

function parsePower(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(W|kW)\s*$/.exec(text)
  if (!match)
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not a power`, { hint: 'Write it like 118W or 1.2kW.' })
  return Number(match[1]) * (match[2] === 'kW' ? 1_000 : 1)
}

/** A format that reads back as the same number: the short form where it does, else the smallest unit in full. */
function spell(
  format: (value: number) => string,
  parse: (text: string) => number,
  smallest: string,
): (value: number) => string {
  return value => {
    const short = format(value).replaceAll(' ', '')
    try {
      if (parse(short) === value) return short
    } catch {
      // Of two parts, such as `2 h 5 min`.
    }
    return `${plain(value)}${smallest}`
  }
}
