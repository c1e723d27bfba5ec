import { parseInstant } from '../../kernel/instant.ts'
import type { ArchiveFolder } from '../folders.ts'
import type { Segment } from '../types.ts'

/** Milliseconds between the end of one of ffmpeg's files and the name of the next that are no hole: names count seconds. */
const ROUNDING = 2_000

/** `20261124T140000Z`, `20261124_150000`, `20261124_150000+0100`; with a suffix where two began in one second. */
const NAME = /^(\d{4})(\d\d)(\d\d)[T_](\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})?(?:-\d{1,4})?\.mp4$/

/** Whether a file has a name that says when its recording began. */
export function isDated(name: string): boolean {
  return NAME.test(name)
}

/** When the recording in a file of this name began, wall-clock milliseconds; undefined for names of others. */
export function startOfName(name: string, timezone: string): number | undefined {
  const match = NAME.exec(name)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, zone = ''] = match
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  try {
    return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`, { now: 0, timezone })
  } catch {
    return undefined
  }
}

/** A file of ffmpeg's, which carries no mark of ours. */
export interface UnmarkedFile {
  readonly name: string
  /** Milliseconds. */
  readonly duration: number
  readonly codec: string
  readonly bytes: number
}

/**
 * Segments for the unmarked files of a folder, in order. Those that follow each other within the rounding of their names count
 * as one session, named after its first file, so that a second reading says the same. Files of other names are left out.
 */
export function unmarkedSegments(files: readonly UnmarkedFile[], of: ArchiveFolder, timezone: string): Segment[] {
  const dated = files.flatMap(file => {
    const start = startOfName(file.name, timezone)
    return start === undefined ? [] : [{ ...file, start }]
  })
  const segments: Segment[] = []
  for (const { name, start, duration, codec, bytes } of dated.sort((a, b) => a.start - b.start)) {
    const last = segments.at(-1)
    const follows = last !== undefined && Math.abs(start - last.end) <= ROUNDING && last.codec === codec
    segments.push({
      camera: of.camera,
      stream: of.stream,
      session: follows ? last.session : `file ${name}`,
      number: follows ? last.number + 1 : 0,
      path: `${of.folder}/${name}`,
      start,
      end: start + duration,
      bytes,
      frames: 0,
      codec,
      began: 'duration',
      ended: 'duration',
      clockOffset: null,
      sha256: null,
    })
  }
  return segments
}
