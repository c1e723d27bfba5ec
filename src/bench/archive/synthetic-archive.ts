import type { Segment } from '../../recording/types.ts'

export interface SyntheticSite {
  readonly cameras: number
  readonly days: number
  /** Milliseconds of a segment. */
  readonly segment: number
  /** Wall-clock milliseconds at which the archive begins. */
  readonly start: number
}

const DAY = 86_400_000
/** Bytes of a segment of 180 s at 4 Mbps. */
const BYTES = 90_000_000
const FRAMES = 4_500

export const cameraName = (camera: number) => `cam-${String(camera + 1).padStart(3, '0')}`

/** Segments that a camera records in a day. */
export const segmentsPerDay = ({ segment }: SyntheticSite) => Math.floor(DAY / segment)

/**
 * A day of one camera as a real one has it: a session a day, cut off for seven seconds at the end, names in UTC, a hash, and
 * segments that are some milliseconds short of the next one's arrival.
 */
export function syntheticDay(site: SyntheticSite, camera: number, day: number): Segment[] {
  const name = cameraName(camera)
  const count = segmentsPerDay(site)
  const session = `${String(day).padStart(10, '0')}${String(camera).padStart(6, '0')}`
  return Array.from({ length: count }, (_, number) => {
    const start = site.start + day * DAY + number * site.segment + camera * 311
    const iso = new Date(start).toISOString()
    const last = number === count - 1
    return {
      camera: name,
      stream: 'main',
      session,
      number,
      path: `${name}/main/${iso.slice(0, 10)}/${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z.mp4`,
      start,
      end: start + site.segment - (last ? 7_000 : 3),
      bytes: BYTES + number,
      frames: FRAMES,
      codec: 'h264',
      began: number === 0 ? 'reconnect' : 'duration',
      ended: last ? 'reconnect' : 'duration',
      clockOffset: (camera * 37) % 500,
      sha256: Buffer.alloc(32, camera + number * 7).toString('hex'),
    }
  })
}
