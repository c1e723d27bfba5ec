import { quantile } from '../join/quantile.ts'
import type { ColdStarts } from './cold-start.ts'
import type { LoadResult } from './measure-load.ts'

/** Ours against the other side; below 1 we need less. */
export interface LiveRatios {
  /** Of the medians and of the means of the same starts. */
  readonly coldMedian: number
  readonly coldMean: number
}

/** Undefined where one side was not measured. */
export function coldRatios([ours, peer]: readonly ColdStarts[]): LiveRatios | undefined {
  if (!ours || !peer) return undefined
  return { coldMedian: part(ours.p50, peer.p50), coldMean: part(ours.mean, peer.mean) }
}

/** Ratio of the medians of all rounds' CPU, `vmsctl` to the other engine; undefined where one was not measured. */
export function loadRatio(load: readonly LoadResult[]): number | undefined {
  const median = (ours: boolean) =>
    quantile(
      load.filter(({ engine }) => (engine === 'vmsctl') === ours).map(({ usage }) => usage.cpu),
      0.5,
    )
  const ratio = part(median(true), median(false))
  return Number.isFinite(ratio) ? ratio : undefined
}

function part(a: number, b: number): number {
  return Math.round((a / b) * 1_000) / 1_000
}
