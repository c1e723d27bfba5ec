import { formatLocal } from './instant.ts'
import { toLocal } from './zone.ts'

const DAY = 86_400_000
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/**
 * An instant after `now` as people say it, by the clocks of `timezone`: `07:00` within a day, `Monday 07:00` within a week,
 * else `2027-01-01 07:00`. Both are wall-clock milliseconds.
 */
export function formatUpcoming(at: number, now: number, timezone: string): string {
  const text = formatLocal(at, timezone).slice(0, 16)
  const local = toLocal(at, timezone)
  const ahead = local - toLocal(now, timezone)
  if (ahead >= 6 * DAY) return text
  const time = text.slice(11)
  return ahead < DAY ? time : `${WEEKDAYS[new Date(local).getUTCDay()]} ${time}`
}
