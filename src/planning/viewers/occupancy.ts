import { type CountDistribution, countDistribution } from '../maths/distribution.ts'
import { logChoose, logFactorial } from '../maths/log-gamma.ts'

/** Steps that {@link occupancy} takes. */
export function occupancySteps(cameras: number, viewers: number, tiles: number): number {
  return viewers * tiles * Math.min(cameras, viewers * tiles)
}

/** How many different cameras `viewers` walls of `tiles` different ones show, all alike: viewer after viewer (hypergeometric). */
export function occupancy(cameras: number, viewers: number, tiles: number): CountDistribution {
  const most = Math.min(cameras, viewers * tiles)
  let chances = start(most)
  const all = logChoose(cameras, tiles)
  for (let viewer = 0; viewer < viewers; viewer++) {
    const next = new Float64Array(most + 1)
    for (let known = 0; known <= Math.min(most, viewer * tiles); known++) {
      const chance = chances[known]!
      if (chance === 0) continue
      for (let fresh = Math.max(0, tiles - known); fresh <= Math.min(tiles, cameras - known); fresh++) {
        const step = Math.exp(logChoose(cameras - known, fresh) + logChoose(known, tiles - fresh) - all)
        next[known + fresh] = next[known + fresh]! + chance * step
      }
    }
    chances = next
  }
  return countDistribution(chances)
}

/**
 * How many cameras are open when each of `viewers` shows one and `revisits` more (on average, Poisson) were left within the linger: as
 * many draws of a camera, all alike. The recursion over draws, weighted by the chance of their number.
 */
export function lingeringOccupancy(cameras: number, viewers: number, revisits: number): CountDistribution {
  const more = Math.ceil(revisits + 8 * Math.sqrt(revisits) + 20)
  const most = Math.min(cameras, viewers + more)
  let chances = start(most)
  for (let draw = 0; draw < viewers; draw++) chances = oneMore(chances, cameras)
  if (revisits === 0) return countDistribution(chances)
  const mixed = new Float64Array(most + 1)
  for (let draws = 0; draws <= more; draws++) {
    const weight = Math.exp(draws * Math.log(revisits) - revisits - logFactorial(draws))
    if (weight > 0) for (let k = 0; k <= most; k++) mixed[k] = mixed[k]! + weight * chances[k]!
    chances = oneMore(chances, cameras)
  }
  return countDistribution(mixed)
}

function start(most: number): Float64Array {
  const chances = new Float64Array(most + 1)
  chances[0] = 1
  return chances
}

function oneMore(chances: Float64Array, cameras: number): Float64Array {
  return chances.map((chance, k) => (chance * k + (k > 0 ? chances[k - 1]! * (cameras - k + 1) : 0)) / cameras)
}
