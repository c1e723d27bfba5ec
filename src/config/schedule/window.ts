import { Cron } from 'croner'
import { quote } from '../faults.ts'

/** A window of a schedule, taken apart. Its calendar is that of the site's zone, written as if it were UTC. */
export interface Window {
  /** Its five fields, one space between them. */
  readonly text: string
  /** Whether the minute 0 to 1 439 of a day belongs to it, on the days that do. */
  readonly minutes: readonly boolean[]
  /** Whether the day that begins at `midnight` (milliseconds, UTC) belongs to it. */
  matchesDay(midnight: number): boolean
}

export interface WindowProblem {
  /** A whole sentence that names the window. */
  readonly problem: string
  readonly hint: string
}

interface Field {
  readonly name: string
  /** The numbers that it takes. */
  readonly least: number
  readonly most: number
  /** Words for the numbers from `least` on. */
  readonly words: readonly string[]
  /** What is right, for people. */
  readonly right: string
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: [], right: 'a minute is 0 to 59' },
  { name: 'hour', least: 0, most: 23, words: [], right: 'an hour is 0 to 23; 7-18 is 07:00 to 18:59' },
  { name: 'day of the month', least: 1, most: 31, words: [], right: 'a day of the month is 1 to 31' },
  { name: 'month', least: 1, most: 12, words: MONTHS, right: 'a month is 1 to 12, or jan to dec' },
  { name: 'weekday', least: 0, most: 6, words: WEEKDAYS, right: 'a weekday is 0 (Sunday) to 6, or sun to sat' },
]

const FIVE =
  'a window has five fields, minute hour day month weekday: "* 7-18 * * 1-5" is 07:00 to 18:59 from Monday to Friday'
const LIST = 'one, a list (7,12), a range (7-18), a step (*/2), or * for all'
/** Days repeat after 28 years; from a fixed day on, so that the same file is always right or always wrong. */
const ANY_DAY = new Date('2000-01-01T00:00:00Z')
const UTC = { timezone: 'UTC', mode: '5-part' } as const

/**
 * Reads a window: five fields as in a crontab (see crontab(5)), and every minute that they match belongs to it. Day of the
 * month and weekday both given: either of them will do. Returns what is wrong with it, and what would be right.
 */
export function parseWindow(text: string): Window | WindowProblem {
  const fields = text.trim().split(/\s+/)
  const said = `window ${quote(text)}`
  if (fields[0]?.startsWith('@'))
    return { problem: `${said} names an instant, and a window is a stretch of time`, hint: FIVE }
  if (fields.length === 6) return { problem: `${said} has six fields, and a window has no seconds`, hint: FIVE }
  if (fields.length !== 5 || fields[0] === '')
    return { problem: `${said} has ${fields[0] === '' ? 'no fields' : `${fields.length} of five fields`}`, hint: FIVE }
  for (const [index, written] of fields.entries()) {
    const hint = fieldHint(written, index)
    if (hint !== undefined) return { problem: `${said}: ${quote(written)} is no ${FIELDS[index]?.name}`, hint }
  }
  const [minute = '*', hour = '*', ...days] = fields
  if (new Cron(fields.join(' '), UTC).nextRun(ANY_DAY) === null)
    return { problem: `${said} never comes`, hint: 'none of its months has such a day' }
  return { text: fields.join(' '), minutes: minutesOf(minute, hour), matchesDay: dayMatcher(days.join(' ')) }
}

/** What would be right in a field; undefined when it is. */
function fieldHint(written: string, index: number): string | undefined {
  const field = FIELDS[index]!
  const backwards = written.split(',').find(part => runsBackwards(part, field))
  if (backwards !== undefined) return `a range runs upwards: write ${upwards(backwards, field)}`
  const alone = FIELDS.map((_, other) => (other === index ? written : '*')).join(' ')
  return knownWords(written, field) && isReadable(alone) ? undefined : `${field.right}; ${LIST}`
}

/** The library takes more than a crontab does: L, W, # and ?, the last of which depends on when it is read. */
function knownWords(written: string, { words }: Field): boolean {
  return (
    written.split(/[^a-z]+/i).every(word => word === '' || words.includes(word.toLowerCase())) && !/[?#+]/.test(written)
  )
}

function isReadable(pattern: string): boolean {
  try {
    new Cron(pattern, UTC)
    return true
  } catch {
    return false
  }
}

function runsBackwards(part: string, field: Field): boolean {
  const [from, to] = endsOf(part, field)
  // As an end, Sunday is the seventh day too.
  return (
    from !== undefined && to !== undefined && from > to && !(field.words === WEEKDAYS && to === 0 && /sun$/i.test(part))
  )
}

function endsOf(part: string, { words, least }: Field): (number | undefined)[] {
  const match = /^(\w+)-(\w+)$/.exec(part)
  return (match?.slice(1) ?? []).map(end => {
    if (/^\d{1,4}$/.test(end)) return Number(end)
    const index = words.indexOf(end.toLowerCase())
    return index < 0 ? undefined : index + least
  })
}

/** `18-7` as the two ranges that it means: `18-23,0-7`. */
function upwards(part: string, { words, least, most }: Field): string {
  const [from = '', to = ''] = part.split('-')
  const [first, last] = /\d/.test(part) ? [least, most] : [words[0], words.at(-1)]
  return `${from === String(last) ? from : `${from}-${last}`},${to === String(first) ? to : `${first}-${to}`}`
}

function minutesOf(minute: string, hour: string): boolean[] {
  const hours = matching(`0 ${hour} * * *`, 24, 3_600_000)
  const minutes = matching(`${minute} * * * *`, 60, 60_000)
  return hours.flatMap(inHour => minutes.map(inMinute => inHour && inMinute))
}

/** Which of the first `count` multiples of `step` milliseconds match. */
function matching(pattern: string, count: number, step: number): boolean[] {
  const cron = new Cron(pattern, UTC)
  return Array.from({ length: count }, (_, index) => cron.match(new Date(index * step)))
}

function dayMatcher(days: string): Window['matchesDay'] {
  if (days === '* * *') return () => true
  const cron = new Cron(`0 0 ${days}`, UTC)
  return midnight => cron.match(new Date(midnight))
}
