import type { Segment } from '../../src/recording/types.ts'

/** A segment of a camera, for tests: `[start, end)` in wall-clock milliseconds. */
export function segment(start: number, end: number, over: Partial<Segment> = {}): Segment {
  return {
    camera: 'gate-1',
    stream: 'main',
    session: 's',
    number: 0,
    path: `gate-1/main/1970-01-01/${start}.mp4`,
    start,
    end,
    bytes: 1_000,
    frames: 25,
    codec: 'h264',
    began: 'first',
    ended: 'duration',
    clockOffset: null,
    sha256: null,
    ...over,
  }
}
