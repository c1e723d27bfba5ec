const formats = new Map<string, Intl.DateTimeFormat>()

/** East and west of UTC no clock is further than this, milliseconds: +14:00 (Kiritimati) and -12:00. */
const EASTERNMOST = 14 * 3_600_000
const WESTERNMOST = 12 * 3_600_000

/**
 * How far the clocks of `timezone` (IANA name, UTC or an offset) are ahead of UTC at instant `at`, both in milliseconds. Throws
 * RangeError for a zone that this Node does not know.
 */
export function zoneOffset(at: number, timezone: string): number {
  let format = formats.get(timezone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hour: 'numeric', timeZoneName: 'longOffset' })
    formats.set(timezone, format)
  }
  // "2 PM GMT+01:00"; the seconds are those of zones before 1972.
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(at))
  if (!match) return 0
  const [, sign, hours, minutes, seconds = '0'] = match
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return sign === '-' ? -size : size
}

/** What the clocks of `timezone` show at `at`, as milliseconds of a UTC calendar: read it with Date.UTC and getUTC*. */
export function toLocal(at: number, timezone: string): number {
  return at + zoneOffset(at, timezone)
}

/**
 * The instant at which the clocks of `timezone` show `local` (as {@link toLocal} gives it). Of a time that is there twice, when
 * clocks are set back, it is the first; of one that is skipped, the instant after the hole.
 */
export function fromLocal(local: number, timezone: string): number {
  const before = zoneOffset(local - EASTERNMOST, timezone)
  const after = zoneOffset(local + WESTERNMOST, timezone)
  const fits = [local - before, local - after].filter(at => toLocal(at, timezone) === local)
  if (fits.length > 0) return Math.min(...fits)
  let low = local - Math.max(before, after)
  let high = local - Math.min(before, after)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (toLocal(middle, timezone) < local) low = middle
    else high = middle
  }
  return high
}
