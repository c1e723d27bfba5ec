import { BITS_PER_BYTE, SECONDS_PER_DAY, SECONDS_PER_HOUR } from '../periods.ts'

/** A part of a day with its own bit rate (bit/s). */
export interface Period {
  bitrate: number
  hours: number
}

/** Bytes that `cameras` of one bit rate (bit/s) write, at so many hours a day, over so many days. */
export function storageVolume(of: { bitrate: number; hours: number; days: number; cameras: number }): number {
  return (of.bitrate / BITS_PER_BYTE) * SECONDS_PER_HOUR * of.hours * of.days * of.cameras
}

/** The bit rate (bit/s) of a day made of such parts, weighted by time; 0 for no time at all. */
export function meanBitrate(periods: readonly Period[]): number {
  const hours = periods.reduce((sum, period) => sum + period.hours, 0)
  return hours === 0 ? 0 : periods.reduce((sum, { bitrate, hours: part }) => sum + bitrate * part, 0) / hours
}

/** Bytes a day, with the container's overhead and a safety margin on top of each other (shares, 0 and more). */
export function plannedVolume(of: { bitrate: number; hours: number; overhead: number; safety: number }): number {
  return storageVolume({ ...of, days: 1, cameras: 1 }) * (1 + of.overhead) * (1 + of.safety)
}

/** Raw bytes to buy for `need` bytes of video, when the file system takes one share and another is kept free. */
export function requiredCapacity(of: { need: number; filesystem: number; headroom: number }): number {
  return of.need / (1 - of.filesystem) / (1 - of.headroom)
}

/** Days of video that `usable` bytes hold at `daily` bytes a day; endless for nothing a day. */
export function retentionDays(of: { usable: number; daily: number; filesystem: number; headroom: number }): number {
  return (of.usable * (1 - of.filesystem) * (1 - of.headroom)) / of.daily
}

/** Bytes of pictures of one size (MJPEG and the like): Canon's form. */
export function frameVolume(of: { frame: number; fps: number; cameras: number; hours: number; days: number }): number {
  return of.frame * of.fps * of.cameras * of.hours * SECONDS_PER_HOUR * of.days
}

/** Bytes of a camera's bit rate over days; the inverse of {@link bitrateOfDaily}. */
export function dailyVolume(bitrate: number): number {
  return (bitrate / BITS_PER_BYTE) * SECONDS_PER_DAY
}

/** Bit/s that write `daily` bytes a day. */
export function bitrateOfDaily(daily: number): number {
  return (daily * BITS_PER_BYTE) / SECONDS_PER_DAY
}
