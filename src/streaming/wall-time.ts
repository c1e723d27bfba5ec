import type { Clock } from '../kernel/clock.ts'

/** The monotonic instant of a wall-clock one, by the wall clock as it is set now. Milliseconds. */
export function monotonicOf(clock: Clock, wall: number): number {
  return clock.monotonic() - (clock.wall() - wall)
}

/** The wall-clock instant of a monotonic one, by the wall clock as it is set now. Milliseconds. */
export function wallOf(clock: Clock, monotonic: number): number {
  return clock.wall() - (clock.monotonic() - monotonic)
}
