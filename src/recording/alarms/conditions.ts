import type { AlarmsConfig } from '../../config/types.ts'
import type { GapReason } from '../types.ts'
import type { AlarmRule, CameraObservation, Observations } from './types.ts'

/** What one rule says of its subject at one look. */
export interface Condition {
  readonly key: string
  readonly rule: AlarmRule
  readonly camera: string | null
  /** `unknown` leaves an alarm as it is. */
  readonly state: 'bad' | 'good' | 'unknown'
  readonly since: number
  readonly reason: GapReason | null
  readonly detail: string | null
  readonly host: string | null
}

/** Headroom must be more than the limit by this part before the alarm is cleared. */
const MARGIN = 1.1

/** Milliseconds by which the end of a recording may lie ahead of now, for a camera's clock runs quicker. */
const AHEAD = 60_000

/** What the rules say of everything that is observed, at wall-clock time `now`. */
export function conditionsOf(observed: Observations, settings: AlarmsConfig, now: number): Condition[] {
  const conditions: Condition[] = []
  for (const camera of observed.cameras) {
    const { wanted, coverage, reason, detail, host } = camera
    const common = { camera: camera.camera, reason, detail, host }
    if (settings.notRecorded > 0) {
      const last = lastGood(camera, now)
      const bad = wanted && now - last > settings.notRecorded
      conditions.push({
        ...common,
        key: `not-recorded ${camera.camera}`,
        rule: 'not-recorded',
        state: bad ? 'bad' : 'good',
        since: last,
      })
    }
    if (settings.coverage > 0) {
      const state = !wanted ? 'good' : coverage === null ? 'unknown' : coverage < settings.coverage ? 'bad' : 'good'
      const words = coverage === null ? null : `${(Math.floor(coverage * 100) / 100).toFixed(2)} % of the last hour`
      conditions.push({
        ...common,
        key: `coverage ${camera.camera}`,
        rule: 'coverage',
        state,
        since: now,
        detail: words,
      })
    }
  }
  if (settings.headroom > 0) conditions.push(headroom(observed.headroom, settings.headroom, now))
  return conditions
}

/**
 * Until when nothing was missing. What lies ahead of now was noted while the clock was wrong, and would keep an alarm back until
 * the clock is there.
 */
function lastGood({ since, lastRecorded }: CameraObservation, now: number): number {
  const past = [since, lastRecorded].filter(at => at !== null && at <= now + AHEAD) as number[]
  return past.length === 0 ? now : Math.max(...past)
}

function headroom(left: number | null, limit: number, now: number): Condition {
  // Between the two limits it is neither.
  const state = left === null ? 'unknown' : left < limit ? 'bad' : left > limit * MARGIN ? 'good' : 'unknown'
  const detail = left === null ? null : `${Math.floor(left / 360_000) / 10} h until the disk is full`
  return { key: 'headroom', rule: 'headroom', camera: null, state, since: now, reason: null, detail, host: null }
}
