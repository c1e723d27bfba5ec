import { BITS_PER_BYTE } from '../periods.ts'

/** Chance of at least one of `trials` independent events of chance `each`: 1 - (1 - p)^n, without losing a small p. */
function anyOf(trials: number, each: number): number {
  if (trials === 0 || each === 0) return 0
  return -Math.expm1(trials * Math.log1p(-each))
}

/** Chance of at least one unrecoverable read error (rate a bit) while `disks` of `size` bytes are read whole. */
export function readErrorProbability(of: { disks: number; size: number; rate: number }): number {
  return anyOf(of.disks * of.size * BITS_PER_BYTE, of.rate)
}

/** Seconds in which a disk of `size` bytes is written anew at `speed` bytes a second, with nothing else to do. */
export function rebuildSeconds(of: { size: number; speed: number }): number {
  return of.size / of.speed
}

/** Chance that at least one of `disks` fails within a year, at an annual failure rate. */
export function anyDiskFailure(of: { disks: number; afr: number }): number {
  return anyOf(of.disks, of.afr)
}
