import { type Clock, systemClock } from '../../src/kernel/clock.ts'

/** The machine's clock, `speed` times as fast: long patience with real processes in little time. */
export function fastClock(speed: number): Clock {
  const start = systemClock.wall()
  return {
    wall: () => start + (systemClock.wall() - start) * speed,
    monotonic: () => systemClock.monotonic() * speed,
    after: (delay, run) => systemClock.after(delay / speed, run),
    every: (period, run) => systemClock.every(period / speed, run),
  }
}
