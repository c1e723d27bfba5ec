/** Silence that is never taken for a stall, milliseconds. */
const STALL_LEAST = 3_000
/** Silence that always is, milliseconds. */
const STALL_MOST = 10_000
/** Bytes come but no video frame: milliseconds until the connection is given up. */
export const NO_VIDEO_LIMIT = 20_000
/** Frame intervals of silence that make a stall: 3 s at 25 fps. */
const STALL_INTERVALS = 75

/**
 * Milliseconds without a byte after which a stream counts as stalled. It follows the measured frame interval
 * (milliseconds; undefined while unknown), so that a camera at 25 fps is caught in 3 s and one at 1 fps is left alone.
 */
export function stallLimit(frameInterval: number | undefined): number {
  if (frameInterval === undefined) return STALL_MOST
  return Math.min(STALL_MOST, Math.max(STALL_LEAST, frameInterval * STALL_INTERVALS))
}
