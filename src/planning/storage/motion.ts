import { SECONDS_PER_HOUR } from '../periods.ts'

/**
 * Share of the time that recording on motion records: events come as a Poisson process, each is kept with what was before and
 * after it, and overlapping ones merge. 1 - e^(-rate x length), as a camera records when an event began within the last `length`.
 */
export function motionShare(of: { eventsPerHour: number; event: number; pre: number; post: number }): number {
  const seconds = of.event + of.pre + of.post
  return -Math.expm1((-of.eventsPerHour / SECONDS_PER_HOUR) * seconds)
}

/** Mean bit/s of a camera that records its main stream for `share` of the time, and its sub-stream always. */
export function motionBitrate(of: { main: number; share: number; sub: number }): number {
  return of.main * of.share + of.sub
}
