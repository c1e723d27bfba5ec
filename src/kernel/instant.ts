import { VmsError } from './errors.ts'
import { fromLocal, toLocal, zoneOffset } from './zone.ts'

const DAY = 86_400_000
const UNITS: Readonly<Record<string, number>> = { d: DAY, h: 3_600_000, min: 60_000, m: 60_000, s: 1_000, ms: 1 }
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ] *(\S+?) *(Z|z|[+-]\d\d:\d\d)?)?$/
const TIME = /^(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/
const WORD = /^([a-z]+)(?: +(\S+))?$/i
const AGO = /^-((?:\d+(?:\.\d+)?(?:d|h|min|ms|m|s) *)+)$/
const AGO_PART = /(\d+(?:\.\d+)?)(d|h|min|ms|m|s)/g

const FORMS =
  'Write it like 2026-11-24T14:00:00+01:00, "2026-11-24 14:00", 2026-11-24, 14:00, "yesterday 14:00", "monday 08:00", -2h, -1d12h or now.'

export interface InstantContext {
  /** Wall-clock milliseconds that `now`, `today` and `-2h` count from. */
  readonly now: number
  /** What times without an offset are in. */
  readonly timezone: string
}

/**
 * The instant that `text` names, wall-clock milliseconds: RFC 3339 with or without offset, a date (its first instant), a time of
 * today, `today`, `yesterday` or a weekday (the last one, never in the future) with or without a time, `-2h` (a day has 24
 * hours), `now`. 24:00 ends a day. For times that summer time doubles or skips see {@link fromLocal}. Throws VMS_E_USAGE.
 */
export function parseInstant(text: string, context: InstantContext): number {
  const trimmed = text.trim()
  const at = parseDate(trimmed, context) ?? parseAgo(trimmed, context) ?? parseWords(trimmed, context)
  if (at === undefined || !(at >= 0)) {
    const shown = JSON.stringify(trimmed.length > 40 ? `${trimmed.slice(0, 37)}...` : trimmed)
    throw new VmsError('VMS_E_USAGE', `${shown} is not a time`, { hint: FORMS })
  }
  return at
}

/** RFC 3339 in the zone, `2026-11-24T14:00:00+01:00`; milliseconds where there are any. `parseInstant` gives back `at`. */
export function formatInstant(at: number, timezone: string): string {
  const whole = Math.floor(at)
  // RFC 3339 has no seconds in an offset; zones with such were gone by 1972.
  const offset = Math.round(zoneOffset(whole, timezone) / 60_000)
  const local = new Date(whole + offset * 60_000).toISOString()
  const size = Math.abs(offset)
  const pad = (value: number) => String(value).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
  return `${local.slice(0, local.endsWith('.000Z') ? -5 : -1)}${zone}`
}

/** What clocks in the zone show, for people who are told the zone elsewhere: `2026-11-24 14:00:30`. */
export function formatLocal(at: number, timezone: string): string {
  return new Date(toLocal(Math.floor(at), timezone)).toISOString().slice(0, 19).replace('T', ' ')
}

function parseDate(text: string, { timezone }: InstantContext): number | undefined {
  const match = DATE.exec(text)
  if (!match) return undefined
  const [, year, month, day, time, zone] = match
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // Date.UTC takes the 31st of a short month for the first of the next.
  if (new Date(date).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined
  const sinceMidnight = time === undefined ? 0 : parseTime(time)
  if (sinceMidnight === undefined) return undefined
  if (zone === undefined) return fromLocal(date + sinceMidnight, timezone)
  const offset = zone.length === 1 ? 0 : parseTime(zone.slice(1))
  if (offset === undefined || offset >= DAY) return undefined
  return date + sinceMidnight - (zone.startsWith('-') ? -offset : offset)
}

function parseAgo(text: string, { now }: InstantContext): number | undefined {
  if (text.toLowerCase() === 'now') return now
  const parts = AGO.exec(text)?.[1]
  if (parts === undefined) return undefined
  let ago = 0
  for (const [, number, unit] of parts.matchAll(AGO_PART)) ago += Number(number) * UNITS[unit!]!
  return Math.round(now - ago)
}

function parseWords(text: string, { now, timezone }: InstantContext): number | undefined {
  const local = toLocal(now, timezone)
  const today = local - (((local % DAY) + DAY) % DAY)
  const bare = parseTime(text)
  if (bare !== undefined) return fromLocal(today + bare, timezone)
  const match = WORD.exec(text)
  const sinceMidnight = match?.[2] === undefined ? 0 : parseTime(match[2])
  if (!match || sinceMidnight === undefined) return undefined
  const word = match[1]!.toLowerCase()
  if (word === 'today') return fromLocal(today + sinceMidnight, timezone)
  if (word === 'yesterday') return fromLocal(today - DAY + sinceMidnight, timezone)
  const weekday = WEEKDAYS.findIndex(name => name === word || name.slice(0, 3) === word)
  if (weekday < 0) return undefined
  const ago = (new Date(today).getUTCDay() - weekday + 7) % 7
  const at = fromLocal(today - ago * DAY + sinceMidnight, timezone)
  return at <= now ? at : fromLocal(today - (ago + 7) * DAY + sinceMidnight, timezone)
}

/** Milliseconds since midnight, 0 to 24 h. */
function parseTime(text: string): number | undefined {
  const match = TIME.exec(text)
  if (!match) return undefined
  const [, hours, minutes, seconds = '0', fraction = ''] = match
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const time =
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 +
    Math.floor(Number(`0.${fraction}0`) * 1_000 + 1e-6)
  return time <= DAY ? time : undefined
}
