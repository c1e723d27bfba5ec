/** Minutes that the zone is ahead of UTC at `at` (milliseconds since the epoch). */
function offsetMinutes(timezone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name)
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}

function changesClocks(timezone: string, year: number): boolean {
  const offsets = Array.from({ length: 12 }, (_, month) => offsetMinutes(timezone, Date.UTC(year, month, 15)))
  return new Set(offsets).size > 1
}

/** How ffmpeg names segments (strftime), and the TZ it must run in. */
export interface SegmentPattern {
  readonly name: string
  readonly timezone: string
}

/**
 * `local` is the owner's %Y%m%d_%H%M%S. Where clocks are changed an hour comes twice a year and ffmpeg would write over the
 * first one, so there the offset from UTC stands behind the time.
 */
export function segmentPattern(names: 'utc' | 'local', timezone: string, year: number): SegmentPattern {
  if (names === 'utc') return { name: '%Y%m%dT%H%M%SZ.mp4', timezone: 'UTC' }
  return { name: changesClocks(timezone, year) ? '%Y%m%d_%H%M%S%z.mp4' : '%Y%m%d_%H%M%S.mp4', timezone }
}
