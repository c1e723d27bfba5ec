import { formatDuration, formatSize } from '../../kernel/units.ts'
import { deletions } from './deletions.ts'
import { type Forecast, forecast } from './forecast.ts'
import { headroomOf, neededSpace, totalRate } from './headroom.ts'
import type { Candidate, Deletion, RetentionRule, RetentionSurvey, Shortfall } from './types.ts'

/** What goes of a camera now, and what can be kept of it. */
export interface CameraPlan {
  readonly camera: string
  readonly group: string | null
  readonly priority: number
  /** Milliseconds for which its footage is promised; null for none. */
  readonly age: number | null
  readonly quota: number | null
  readonly bytes: number
  /** Bytes a second; null when nothing is known. */
  readonly rate: number | null
  /** Wall-clock milliseconds of its oldest footage; null where there is none. */
  readonly oldest: number | null
  /** Milliseconds that are recorded. */
  readonly recorded: number
  /** What goes now, by the rule that it falls to. */
  readonly due: Readonly<Record<RetentionRule, { readonly segments: number; readonly bytes: number }>>
}

/** What is to be deleted now, and what comes. Times are wall-clock milliseconds. */
export interface RetentionPlan<C extends Candidate = Candidate> {
  readonly now: number
  /** Milliseconds of writing left; null when the space or the rates are not known. */
  readonly headroom: number | null
  /** Bytes: free now, to be kept free, and a second that all cameras write. */
  readonly free: number | null
  readonly needed: number
  readonly rate: number
  /** All that is to be deleted. */
  readonly segments: number
  readonly bytes: number
  /** The first of it, in the order in which it goes. */
  readonly first: readonly Deletion<C>[]
  readonly cameras: readonly CameraPlan[]
  readonly forecast: Forecast
  readonly shortfall: Shortfall
  /** What a person has to see to; empty when all is well. */
  readonly alarms: readonly string[]
}

/** The whole plan. `most`: how many segments are listed by name; all are counted. */
export function planRetention<C extends Candidate>(survey: RetentionSurvey<C>, most: number): RetentionPlan<C> {
  const nothing = () => ({ age: none(), quota: none(), headroom: none() })
  const due = new Map(survey.cameras.map(({ camera }) => [camera, nothing()]))
  const first: Deletion<C>[] = []
  let [segments, bytes] = [0, 0]
  const all = deletions(survey)
  let step = all.next()
  for (; !step.done; step = all.next()) {
    const { segment, rule } = step.value
    const sum = due.get(segment.camera)![rule]
    sum.segments++
    sum.bytes += segment.bytes
    segments++
    bytes += segment.bytes
    if (first.length < most) first.push(step.value)
  }
  const shortfall = step.value
  return {
    now: survey.now,
    headroom: headroomOf(survey),
    free: survey.space?.free ?? null,
    needed: neededSpace(survey),
    rate: totalRate(survey),
    segments,
    bytes,
    first,
    cameras: survey.cameras.map(({ camera, group, priority, age, quota, bytes, rate, extent, recorded }) => ({
      camera,
      group: group ?? null,
      priority,
      age,
      quota,
      bytes,
      rate,
      oldest: extent?.start ?? null,
      recorded,
      due: due.get(camera)!,
    })),
    forecast: forecast(survey),
    shortfall,
    alarms: shortfallAlarms(survey, shortfall),
  }
}

function none(): { segments: number; bytes: number } {
  return { segments: 0, bytes: 0 }
}

/** What to tell people when even all that may go is not enough, or when it is not sure what may go. */
export function shortfallAlarms(
  survey: Pick<RetentionSurvey, 'headroom' | 'space' | 'cameras' | 'clockDoubtful'>,
  { headroom: missing, quotas }: Shortfall,
): string[] {
  const protectedTime = formatDuration(survey.headroom.protect)
  const alarms = quotas.map(
    ({ of, bytes }) =>
      `${of} takes ${formatSize(bytes)} more than its quota, and all of that is held or younger than ${protectedTime}`,
  )
  if (missing > 0) {
    const left = headroomOf(survey)
    const when = left === null ? '' : `; the disk is full in ${formatDuration(left)}`
    alarms.push(
      `${formatSize(missing)} more should be free, and all footage that is left is held or younger than ${protectedTime}: nothing more is deleted${when}`,
    )
  }
  if (survey.clockDoubtful)
    alarms.push(
      'nothing is deleted for its age: no camera has footage of the week before yesterday, so the clock of this machine may be ahead; if it is right, this ends by itself within a day',
    )
  return alarms
}
