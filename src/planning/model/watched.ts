import { cameraCount } from '../inputs/check.ts'
import type { PlanInputs } from '../inputs/types.ts'
import type { CountDistribution } from '../maths/distribution.ts'
import { watchedClosed } from '../viewers/closed.ts'
import { startsPerHour, watchedOpen } from '../viewers/open.ts'
import type { WatchedStreams } from './types.ts'

const MILLISECONDS = 1_000
const HOUR = 3_600

/** How many different cameras are open at once when there are so many: `tiles` and so on of the inputs. */
export function watchedOf(inputs: PlanInputs, cameras: number): CountDistribution {
  return distribution(inputs, cameras, inputs.viewers.tiles)
}

/** The same of the main streams that are shown full size. */
export function fullSizeOf(inputs: PlanInputs, cameras: number): CountDistribution {
  return distribution(inputs, cameras, inputs.viewers.full)
}

function distribution({ viewers }: PlanInputs, cameras: number, tiles: number): CountDistribution {
  const { zipf } = viewers
  const linger = viewers.linger / MILLISECONDS
  if (viewers.model === 'visits') {
    const session = viewers.session / MILLISECONDS
    return watchedOpen({ cameras, arrivals: viewers.arrivals / HOUR, session, linger, zipf })
  }
  return watchedClosed({
    cameras,
    viewers: viewers.operators,
    zipf,
    tiles,
    dwell: viewers.dwell / MILLISECONDS,
    linger,
  })
}

/** The streams that are watched in the plan, with exact quantiles where the model allows. */
export function watchedStreams(inputs: PlanInputs): WatchedStreams {
  const cameras = cameraCount(inputs)
  const { mean, sd, method, quantile } = watchedOf(inputs, cameras)
  const { model, arrivals, session, linger, zipf } = inputs.viewers
  const starts =
    model === 'visits' && cameras > 0
      ? startsPerHour({
          cameras,
          arrivals: arrivals / HOUR,
          session: session / MILLISECONDS,
          linger: linger / MILLISECONDS,
          zipf,
        })
      : null
  return {
    mean,
    sd,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    exact: method === 'exact',
    startsPerHour: starts,
  }
}

export interface MeanAndSpread {
  readonly mean: number
  readonly sd: number
}

/** Up to so many cameras the distribution is worked out for every number; beyond, between numbers 15 % apart. */
const EACH_UP_TO = 20_000
const STEP = 1.15

/** Mean and spread for any number of cameras, remembered: a search asks for many near each other. */
export class WatchedByCameras {
  readonly #known = new Map<number, MeanAndSpread>()
  readonly #of: (cameras: number) => MeanAndSpread

  constructor(of: (cameras: number) => MeanAndSpread) {
    this.#of = of
  }

  at(cameras: number): MeanAndSpread {
    if (cameras <= EACH_UP_TO) return this.#exact(cameras)
    const step = Math.floor(Math.log(cameras / EACH_UP_TO) / Math.log(STEP))
    const from = Math.round(EACH_UP_TO * STEP ** step)
    const to = Math.round(EACH_UP_TO * STEP ** (step + 1))
    const share = (cameras - from) / (to - from)
    const [low, high] = [this.#exact(from), this.#exact(to)]
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
