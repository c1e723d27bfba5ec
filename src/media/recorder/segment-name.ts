import type { StreamRole } from '../frame.ts'

/** Where a segment goes: directory and file name, relative to the storage path. */
export interface SegmentName {
  readonly directory: string
  /** Without suffix and extension. */
  readonly stem: string
}

const EXTENSION = '.mp4'

const formats = new Map<string, Intl.DateTimeFormat>()

function localFormat(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timezone, format)
  }
  return format
}

/**
 * The name of a segment whose first frame came at `wall` (milliseconds since the epoch): `20261123T183000Z` in UTC, or the
 * owner's `%Y%m%d_%H%M%S` in `timezone`. Local names repeat in the hour after summer time ends: the writer adds a suffix.
 */
export function segmentName(
  camera: string,
  stream: StreamRole,
  wall: number,
  names: 'utc' | 'local',
  timezone: string,
): SegmentName {
  const [year, month, day, hour, minute, second] = names === 'utc' ? utcParts(wall) : localParts(wall, timezone)
  const date = `${year}${month}${day}`
  const time = `${hour}${minute}${second}`
  return {
    directory: `${camera}/${stream}/${year}-${month}-${day}`,
    stem: names === 'utc' ? `${date}T${time}Z` : `${date}_${time}`,
  }
}

type Parts = [year: string, month: string, day: string, hour: string, minute: string, second: string]

function utcParts(wall: number): Parts {
  const iso = new Date(wall).toISOString()
  return [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10), iso.slice(11, 13), iso.slice(14, 16), iso.slice(17, 19)]
}

function localParts(wall: number, timezone: string): Parts {
  const parts = new Map(
    localFormat(timezone)
      .formatToParts(wall)
      .map(part => [part.type, part.value]),
  )
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '00'
  return [of('year').padStart(4, '0'), of('month'), of('day'), of('hour'), of('minute'), of('second')]
}

/** The file name for try `attempt` (0 is the first): the second that begins in one second is `…-2`. */
export function fileName(name: SegmentName, attempt: number): string {
  return `${name.stem}${attempt === 0 ? '' : `-${attempt + 1}`}${EXTENSION}`
}

const PATTERN = /^(\d{8}(?:T\d{6}Z|_\d{6}))(?:-(\d{1,4}))?\.mp4$/

/** Orders the file names of one day by their time, oldest first; names that are not a segment's are left out. */
export function sortSegmentNames(names: readonly string[]): string[] {
  const keyed: { name: string; stem: string; attempt: number }[] = []
  for (const name of names) {
    const match = PATTERN.exec(name)
    if (match) keyed.push({ name, stem: match[1]!, attempt: Number(match[2] ?? 1) })
  }
  keyed.sort((a, b) => (a.stem < b.stem ? -1 : a.stem > b.stem ? 1 : a.attempt - b.attempt))
  return keyed.map(({ name }) => name)
}
