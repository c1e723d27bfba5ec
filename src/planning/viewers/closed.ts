import type { CountDistribution } from '../maths/distribution.ts'
import { certainCount, normalCount } from '../maths/distribution.ts'
import { zipfShares } from '../maths/zipf.ts'
import { entryRates } from './entry.ts'
import { inclusionChances } from './inclusion.ts'
import { lingeringOccupancy, occupancy, occupancySteps } from './occupancy.ts'
import { popularOccupancy, popularSteps } from './popular-occupancy.ts'
import { closedSpread } from './spread.ts'
import { uniformMoments } from './uniform.ts'

/** A fixed staff (control room). Times in seconds; `zipf` 0 is uniform popularity, `linger` 0 closes a stream at once. */
export interface ClosedViewers {
  cameras: number
  viewers: number
  zipf: number
  /** Different cameras that each viewer shows at a time. */
  tiles: number
  /** Mean time until a tile changes its camera (exponential). */
  dwell: number
  /** How long a stream stays open after its last viewer. */
  linger: number
}

/** Beyond so many steps of the exact recursion a normal distribution of the same mean and spread stands in. */
const MOST_STEPS = 20_000_000

/** How many different cameras are open: mean, spread and quantiles. */
export function watchedClosed(of: ClosedViewers): CountDistribution {
  const tiles = Math.min(of.tiles, of.cameras)
  if (of.cameras === 0 || of.viewers === 0 || tiles === 0) return certainCount(0)
  if (tiles === of.cameras) return certainCount(of.cameras)
  const { mean, sd } = closedMoments(of)
  return { ...(exactClosed({ ...of, tiles }) ?? normalCount(mean, sd, of.cameras)), mean, sd }
}

/** Mean and spread alone: for whoever asks for many numbers of cameras, where the exact quantiles would take most of the time. */
export function closedMoments(of: ClosedViewers): { mean: number; sd: number } {
  const tiles = Math.min(of.tiles, of.cameras)
  if (of.cameras === 0 || of.viewers === 0 || tiles === 0) return { mean: 0, sd: 0 }
  if (tiles === of.cameras) return { mean: of.cameras, sd: 0 }
  const wall = { ...of, tiles, dwells: of.linger / of.dwell }
  return of.zipf === 0 ? uniformMoments(wall) : popularMoments(wall)
}

/**
 * The same for unequal popularity, from the chance of each camera to be open: 1 - [(1 - p) e^(-rate x linger)]^viewers, where rate is that
 * at which a wall comes to show a camera that it does not show. Exact for one tile.
 */
function popularMoments(of: { cameras: number; viewers: number; zipf: number; tiles: number; dwells: number }) {
  const shares = zipfShares(of.cameras, of.zipf)
  const shown = inclusionChances(shares, of.tiles)
  const entries = entryRates(shares, shown, of.tiles)
  const open = shown.map((p, i) => (p >= 1 ? 1 : -Math.expm1(of.viewers * (Math.log1p(-p) - entries[i]! * of.dwells))))
  const mean = open.reduce((sum, p) => sum + p, 0)
  return { mean, sd: closedSpread(shown, open, of.viewers, of.tiles) }
}

/** The exact distribution where there is one and it is not too large. */
function exactClosed(of: ClosedViewers): CountDistribution | undefined {
  const { cameras, viewers, tiles } = of
  const revisits = of.linger === 0 ? 0 : (viewers * of.linger) / of.dwell
  if (of.zipf === 0 && tiles > 1 && revisits === 0)
    return occupancySteps(cameras, viewers, tiles) > MOST_STEPS ? undefined : occupancy(cameras, viewers, tiles)
  if (tiles > 1) return undefined
  if (of.zipf === 0)
    return occupancySteps(cameras, viewers + revisits, 1) > MOST_STEPS
      ? undefined
      : lingeringOccupancy(cameras, viewers, revisits)
  return popularSteps(cameras, viewers, revisits) > MOST_STEPS
    ? undefined
    : popularOccupancy(zipfShares(cameras, of.zipf), viewers, revisits)
}
