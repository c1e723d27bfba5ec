import { cameraCount } from '../inputs/check.ts'
import type { PlanInputs } from '../inputs/types.ts'
import { type ClosedViewers, closedMoments, watchedClosed } from '../viewers/closed.ts'
import { type OpenViewers, openMoments, startsPerHour, watchedOpen } from '../viewers/open.ts'
import type { WatchedStreams } from './types.ts'

const MILLISECONDS = 1_000
const HOUR = 3_600

/** Mean and spread of the different cameras that are open at once when there are so many. */
export function watchedOf(inputs: PlanInputs, cameras: number): MeanAndSpread {
  return inputs.viewers.model === 'visits'
    ? openMoments(visits(inputs, cameras))
    : closedMoments(wall(inputs, cameras, inputs.viewers.tiles))
}

/** The same of the main streams that are shown full size. */
export function fullSizeOf(inputs: PlanInputs, cameras: number): MeanAndSpread {
  return closedMoments(wall(inputs, cameras, inputs.viewers.full))
}

function wall({ viewers }: PlanInputs, cameras: number, tiles: number): ClosedViewers {
  const { operators, zipf } = viewers
  const [dwell, linger] = [viewers.dwell / MILLISECONDS, viewers.linger / MILLISECONDS]
  return { cameras, viewers: operators, zipf, tiles, dwell, linger }
}

function visits({ viewers }: PlanInputs, cameras: number): OpenViewers {
  const [session, linger] = [viewers.session / MILLISECONDS, viewers.linger / MILLISECONDS]
  return { cameras, arrivals: viewers.arrivals / HOUR, session, linger, zipf: viewers.zipf }
}

/** The streams that are watched in the plan, with exact quantiles where the model allows. */
export function watchedStreams(inputs: PlanInputs): WatchedStreams {
  const cameras = cameraCount(inputs)
  const people = visits(inputs, cameras)
  const come = inputs.viewers.model === 'visits'
  const { mean, sd, method, quantile } = come
    ? watchedOpen(people)
    : watchedClosed(wall(inputs, cameras, inputs.viewers.tiles))
  return {
    mean,
    sd,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    exact: method === 'exact',
    startsPerHour: come && cameras > 0 ? startsPerHour(people) : null,
  }
}

export interface MeanAndSpread {
  readonly mean: number
  readonly sd: number
}

/** Up to so many cameras every number is worked out; beyond, those between doublings: there it is nearly straight in 1 / cameras. */
const EACH_UP_TO = 16_384

/** Mean and spread for any number of cameras, remembered: a search asks for many near each other. */
export class WatchedByCameras {
  readonly #known = new Map<number, MeanAndSpread>()
  readonly #of: (cameras: number) => MeanAndSpread

  constructor(of: (cameras: number) => MeanAndSpread) {
    this.#of = of
  }

  at(cameras: number): MeanAndSpread {
    if (cameras <= EACH_UP_TO) return this.#exact(cameras)
    const from = EACH_UP_TO * 2 ** Math.floor(Math.log2(cameras / EACH_UP_TO))
    const [low, high] = [this.#exact(from), this.#exact(2 * from)]
    const share = 2 - (2 * from) / cameras
    return { mean: low.mean + share * (high.mean - low.mean), sd: low.sd + share * (high.sd - low.sd) }
  }

  #exact(cameras: number): MeanAndSpread {
    let known = this.#known.get(cameras)
    if (known === undefined) {
      const { mean, sd } = this.#of(cameras)
      known = { mean, sd }
      this.#known.set(cameras, known)
    }
    return known
  }
}
