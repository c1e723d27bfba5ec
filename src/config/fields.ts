import { z } from 'zod'
import { messageOf, VmsError } from '../kernel/errors.ts'
import { formatBitRate, formatDuration, formatSize, parseBitRate, parseDuration, parseSize } from '../kernel/units.ts'
import { plural, quote } from './faults.ts'
import { didYouMean, suggest } from './suggest.ts'

/*
 * The kinds of value that keys have. Every scalar of the file arrives as text (see readYaml), so a field turns text into
 * what it means. `meta` is what an editor sees in the JSON Schema, where a number may be a number.
 */

type Result<T> = { value: T } | { message: string; hint?: string | undefined }

function field<T>(parse: (text: string) => Result<T>, meta: Record<string, unknown>) {
  return z
    .string()
    .meta(meta)
    .transform((text, context) => {
      const result = parse(text)
      if ('value' in result) return result.value
      context.issues.push({ code: 'custom', input: text, message: result.message, params: { hint: result.hint } })
      return z.NEVER
    })
}

/** Text without control characters. */
export function text(longest: number, description: string) {
  return field<string>(
    value => {
      if (value.length > longest) return { message: `has ${value.length} characters; ${longest} are the most` }
      if (value === '') return { message: 'is empty' }
      if (/[\x00-\x1f\x7f]/.test(value)) return { message: 'holds a line break or another control character' }
      return { value }
    },
    { type: 'string', maxLength: longest, description },
  )
}

/** Any text within `longest`; what it means is checked where it is used, so that all its faults come together. */
export function rawText(longest: number, meta: Record<string, unknown>) {
  return field<string>(
    value =>
      value.length > longest ? { message: `has ${value.length} characters; ${longest} are the most` } : { value },
    { type: 'string', ...meta },
  )
}

export function oneOf<const T extends string>(choices: readonly T[], description: string) {
  return field<T>(
    value => {
      const found = choices.find(choice => choice === value)
      if (found !== undefined) return { value: found }
      const near = suggest(value, choices)
      return {
        message: `${quote(value)} is not ${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}`,
        hint: near === undefined ? undefined : `did you mean "${near}"?`,
      }
    },
    { type: 'string', enum: choices, description },
  )
}

export function truth(description: string) {
  return field<boolean>(
    value => {
      if (value === 'true' || value === 'false') return { value: value === 'true' }
      const meant = /^(true|yes|on|1)$/i.test(value) ? 'true' : /^(false|no|off|0)$/i.test(value) ? 'false' : undefined
      return { message: `${quote(value)} is neither true nor false`, hint: `write ${meant ?? 'true or false'}` }
    },
    { type: 'boolean', description },
  )
}

/** `always` or `never`, or as a truth. */
export function recordWord(description: string) {
  return field<boolean>(
    value => {
      if (value === 'always' || value === 'true') return { value: true }
      if (value === 'never' || value === 'false') return { value: false }
      const meant = /^(?:yes|on|1)$/i.test(value) ? 'always' : /^(?:no|off|0)$/i.test(value) ? 'never' : undefined
      const near = meant ?? suggest(value, ['always', 'never', 'true', 'false'])
      return {
        message: `${quote(value)} is neither always nor never`,
        hint: near === undefined ? 'a schedule is written { schedule: ["* 7-18 * * 1-5"] }' : `did you mean "${near}"?`,
      }
    },
    { type: ['boolean', 'string'], enum: ['always', 'never', true, false], description },
  )
}

function parseWhole(value: string, least: number, most: number): Result<number> {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return { value: number }
  return { message: `${quote(value)} is not a whole number from ${least} to ${most}` }
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number, description: string) {
  return field<number>(value => parseWhole(value, least, most), {
    type: 'integer',
    minimum: least,
    maximum: most,
    description,
  })
}

/** A whole number, or one of the words. */
export function wholeOr<const T extends string>(word: T, least: number, most: number, description: string) {
  return field<number | T>(
    value => {
      if (value === word) return { value: word }
      const result = parseWhole(value, least, most)
      return 'value' in result ? result : { message: `${result.message}, nor "${word}"` }
    },
    { type: ['integer', 'string'], description },
  )
}

function quantity(parse: (text: string) => number, format: (value: number) => string, least: number, most: number) {
  return (value: string): Result<number> => {
    try {
      const number = parse(value)
      if (number >= least && number <= most) return { value: number }
      return {
        message: `${quote(value)} is ${number < least ? 'less' : 'more'} than is allowed`,
        hint: `${format(least)} to ${format(most)}`,
      }
    } catch (error) {
      return { message: messageOf(error), hint: error instanceof VmsError ? error.hint : undefined }
    }
  }
}

/** Milliseconds. With `never`, the word `never` is 0. */
export function duration(least: number, most: number, description: string, options: { never?: boolean } = {}) {
  const parse = quantity(parseDuration, formatDuration, least, most)
  return field<number>(value => (options.never && value === 'never' ? { value: 0 } : parse(value)), {
    type: 'string',
    description: `${description} With its unit: ms, s, min, h, d.`,
  })
}

/** A part of a hundred, 0 to 100, with `%` or without. With `never`, the word `never` is 0. */
export function percentage(description: string) {
  return field<number>(
    value => {
      const number =
        value === 'never' ? 0 : /^\d{1,3}(\.\d{1,4})?\s*%?$/.test(value) ? Number.parseFloat(value) : Number.NaN
      if (number <= 100) return { value: number }
      return { message: `${quote(value)} is not a percentage`, hint: 'a number from 0 to 100, such as 99.5' }
    },
    { type: ['number', 'string'], description },
  )
}

/** Bytes. With `none`, the word `none` is 0. */
export function size(least: number, most: number, description: string, options: { none?: boolean } = {}) {
  const parse = quantity(parseSize, formatSize, least, most)
  return field<number>(value => (options.none && value === 'none' ? { value: 0 } : parse(value)), {
    type: 'string',
    description: `${description} With its unit: MB is 10^6 bytes, MiB is 2^20.`,
  })
}

/** Bit/s. */
export function bitRate(least: number, most: number, description: string) {
  return field<number>(quantity(parseBitRate, formatBitRate, least, most), {
    type: 'string',
    description: `${description} With its unit: kbps, Mbps, Gbps.`,
  })
}

/** A time zone that this Node knows: an IANA name, UTC, or an offset. */
export function timezone(description: string) {
  return field<string>(
    value => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: value })
        return { value }
      } catch {
        const near = didYouMean(value, Intl.supportedValuesOf('timeZone'))
        return {
          message: `${quote(value)} is not a time zone`,
          hint: near ?? 'write an IANA name like Europe/Paris, or UTC',
        }
      }
    },
    { type: 'string', description },
  )
}

/** For messages: what a value of the file is. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return `a list of ${plural(value.length, 'entry', 'entries')}`
  return typeof value === 'object' ? 'a mapping' : 'a text'
}
