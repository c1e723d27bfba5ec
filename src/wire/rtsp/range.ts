/** A Range header (RFC 2326 section 12.29). SMPTE ranges are not read. */
export type MediaRange =
  /** Normal play time: seconds from the beginning, `now` for live. */
  | { readonly unit: 'npt'; readonly start: number | 'now' | undefined; readonly end: number | undefined }
  /** Wall clock: milliseconds since the epoch. */
  | { readonly unit: 'clock'; readonly start: number; readonly end: number | undefined }

/** The header's value read; undefined for what is no range. */
export function parseRange(value: string): MediaRange | undefined {
  const [, unit, from = '', to = ''] = /^\s*(npt|clock)\s*=\s*([^-;\s]*)\s*-?\s*([^-;\s]*)/i.exec(value) ?? []
  if (unit === undefined) return undefined
  if (unit.toLowerCase() === 'clock') {
    const start = parseClock(from)
    return start === undefined ? undefined : { unit: 'clock', start, end: parseClock(to) }
  }
  const start = from.toLowerCase() === 'now' ? 'now' : parseNpt(from)
  const end = parseNpt(to)
  return start === undefined && end === undefined ? undefined : { unit: 'npt', start, end }
}

/** The header's value. */
export function serializeRange(range: MediaRange): string {
  if (range.unit === 'clock')
    return `clock=${formatClock(range.start)}-${range.end === undefined ? '' : formatClock(range.end)}`
  const seconds = (value: number | 'now' | undefined) => (typeof value === 'number' ? value.toFixed(3) : (value ?? ''))
  return `npt=${seconds(range.start)}-${seconds(range.end)}`
}

/** `12.5` or `1:02:03.5` as seconds. */
function parseNpt(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^(?:(\d{1,9}):(\d{1,2}):)?(\d{1,9}(?:\.\d{0,9})?)$/.exec(text) ?? []
  if (seconds === undefined) return undefined
  return Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds)
}

/** `19961108T142300.25Z` as milliseconds. */
function parseClock(text: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)Z?$/i.exec(text)
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, 0) + Math.round(second * 1_000)
}

function formatClock(wall: number): string {
  return new Date(wall).toISOString().replace(/[-:]/g, '').replace('.000Z', 'Z')
}
