import type { GroupUsage } from '../usage-meter.ts'
import type { EngineResult } from './ratios.ts'

/**
 * The order in which `items` run in a round, from 0: every other round backwards. What one run leaves to the next (a warm disk,
 * memory that the host has lent already) then favours nobody.
 */
export function orderOfRound<T>(items: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? items : items.toReversed()
}

/** The runs of one engine as one result: means of what it used, sums of what it recorded and lost. */
export function joinRounds(runs: readonly EngineResult[]): EngineResult {
  const first = runs[0]!
  if (runs.length === 1) return first
  const sum = (pick: (run: EngineResult) => number) => runs.reduce((total, run) => total + pick(run), 0)
  const mean = (pick: (usage: GroupUsage) => number) => sum(({ usage }) => pick(usage)) / runs.length
  const percent = (pick: (usage: GroupUsage) => number) => Math.round(mean(pick) * 10) / 10
  const whole = (pick: (usage: GroupUsage) => number) => Math.round(mean(pick))
  return {
    ...first,
    usage: {
      elapsed: sum(({ usage }) => usage.elapsed),
      user: percent(usage => usage.user),
      system: percent(usage => usage.system),
      cpu: percent(usage => usage.cpu),
      rss: whole(usage => usage.rss),
      rssMax: Math.max(...runs.map(({ usage }) => usage.rssMax)),
      pss: runs.some(({ usage }) => usage.pss === null) ? null : whole(usage => usage.pss!),
      processes: Math.max(...runs.map(({ usage }) => usage.processes)),
    },
    bytes: sum(({ bytes }) => bytes),
    frames: sum(({ frames }) => frames),
    framesLost: sum(({ framesLost }) => framesLost),
    camerasWithout: sum(({ camerasWithout }) => camerasWithout),
  }
}
