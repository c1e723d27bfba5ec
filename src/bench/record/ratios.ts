import type { GroupUsage } from '../usage-meter.ts'

/** What one engine did in a run. */
export interface EngineResult {
  readonly engine: string
  readonly version: string
  readonly usage: GroupUsage
  /** Bytes on disk when it was over. */
  readonly bytes: number
  /** Marked frames found on disk, and those between the first and the last of a camera that are not. */
  readonly frames: number
  readonly framesLost: number
  /** Cameras of which nothing was found. */
  readonly camerasWithout: number
}

/** Ours against a peer's, in the same run; below 1 we need less. */
export interface EngineRatio {
  readonly against: string
  readonly cpu: number
  readonly rss: number
  readonly pss: number | null
}

/** Ratios of `native` to each other engine. */
export function ratiosOf(results: readonly EngineResult[]): EngineRatio[] {
  const ours = results.find(({ engine }) => engine === 'native')
  if (!ours) return []
  const part = (a: number, b: number) => Math.round((a / b) * 1_000) / 1_000
  return results
    .filter(result => result !== ours)
    .map(({ engine, usage }) => ({
      against: engine,
      cpu: part(ours.usage.cpu, usage.cpu),
      rss: part(ours.usage.rss, usage.rss),
      pss: ours.usage.pss === null || usage.pss === null ? null : part(ours.usage.pss, usage.pss),
    }))
}
