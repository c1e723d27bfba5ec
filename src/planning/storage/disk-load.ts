import { wholeUp } from '../maths/whole-up.ts'
import { BITS_PER_BYTE, DAYS_PER_YEAR, SECONDS_PER_DAY } from '../periods.ts'

const SECONDS_PER_YEAR = DAYS_PER_YEAR * SECONDS_PER_DAY

export interface DiskWorkload {
  /** Bytes a second over all data disks. */
  total: number
  /** Bytes a year over all data disks. */
  totalYear: number
  /** The same of one data disk, when whole stripes are written. */
  each: number
  eachYear: number
  /** Data disks that keep each of them under the rating. */
  disksForRating: number
}

/** What a bit rate (bit/s, all cameras) is to disks rated for `rating` bytes of work a year. */
export function diskWorkload(of: { bitrate: number; dataDisks: number; rating: number }): DiskWorkload {
  const total = of.bitrate / BITS_PER_BYTE
  const totalYear = total * SECONDS_PER_YEAR
  return {
    total,
    totalYear,
    each: total / of.dataDisks,
    eachYear: totalYear / of.dataDisks,
    disksForRating: wholeUp(totalYear / of.rating),
  }
}

/** Above this bit rate of a camera (bit/s) AxxonSoft counts writes by bit rate, below it by camera. */
const BY_RATE_ABOVE = 3.6e6

/** Disk operations a second of `cameras` at a bit rate (bit/s each), by AxxonSoft's rule; reads are for playback. */
export function diskOperations(of: { bitrate: number; cameras: number }): { writes: number; reads: number } {
  const megabits = (of.bitrate * of.cameras) / 1e6
  const writes = of.bitrate > BY_RATE_ABOVE ? 0.065 * megabits : 0.29 * of.cameras
  return { writes: of.bitrate === 0 ? 0 : writes, reads: 0.035 * megabits }
}

export interface SsdLife {
  /** Bytes that the warranty allows to be written. */
  endurance: number
  writtenYear: number
  years: number
}

/** Life of a solid-state disk rated for `dwpd` drive writes a day over `years`, at a bit rate (bit/s, all cameras). */
export function ssdLife(of: { size: number; dwpd: number; years: number; bitrate: number }): SsdLife {
  const endurance = of.size * of.dwpd * of.years * DAYS_PER_YEAR
  const writtenYear = (of.bitrate / BITS_PER_BYTE) * SECONDS_PER_YEAR
  return { endurance, writtenYear, years: endurance / writtenYear }
}
