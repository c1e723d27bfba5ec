import { type Fragment, samplesBefore, type TrackRun } from './fragment.ts'

/** Seconds that another track may begin before the video; what is older is left out of the file. */
const MAX_LEAD_IN = 1

/**
 * Time 0 of a file for each of its tracks, in ticks of the session: where the earliest track begins, so that no time is
 * negative. Audio that comes much too early is cut off.
 */
export function alignTracks(first: Fragment): number[] {
  const { lead } = first
  const start = lead.dts / lead.timescale
  let origin = start
  for (const run of first.runs.slice(1)) {
    run.skip(samplesBefore(run, start - MAX_LEAD_IN))
    if (run.samples.length > 0) origin = Math.min(origin, run.dts / run.timescale)
  }
  const base = (run: TrackRun) => Math.floor(origin * run.timescale)
  return first.runs.map(run => (run === lead && origin === start ? lead.dts : base(run)))
}
