/** The camera that `record-cpu` is for. */
const REFERENCE = { bitrate: 4e6, fps: 25 }
/**
 * Share of its cost that goes with frames; the rest goes with bits. From two runs of `vmsctl bench record` (2026-11-25): 17.9 % of a
 * core for 200 cameras at 4 Mbps, 51.3 % for 1,000 at 1 Mbps, all at 25 frames a second.
 */
const BY_FRAMES = 0.43

/** Cores that recording takes: `each` for the reference camera, so many frames and bits a second over all cameras. */
export function recordingCores(of: { each: number; framesPerSecond: number; bitrate: number }): number {
  const frames = (BY_FRAMES * of.framesPerSecond) / REFERENCE.fps
  return of.each * (frames + ((1 - BY_FRAMES) * of.bitrate) / REFERENCE.bitrate)
}
