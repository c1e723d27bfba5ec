import type { CameraConfig } from '../../config/types.ts'
import { BY_CONFIGURATION, BY_SCHEDULE, type Wish } from '../../state/wish.ts'
import type { SiteSchedules } from './site-schedules.ts'

/** What is wanted of a camera now, and by whom. Wall-clock milliseconds. */
export interface Wanted {
  readonly record: boolean
  /** The person who said so, else `schedule` or `configuration`. */
  readonly by: string
  /** When the person said so; null where nobody did. */
  readonly at: number | null
  /** When the camera's schedule changes it; null where none decides, or it does not change within a year. */
  readonly until: number | null
}

/** What is wanted of each camera at `now`: what a person said, else what the configuration says, by the clock if it does so. */
export function wantedAt(
  now: number,
  cameras: readonly CameraConfig[],
  wishes: ReadonlyMap<string, Wish>,
  schedules: SiteSchedules,
): Map<string, Wanted> {
  return new Map(cameras.map(camera => [camera.id, wantedOf(now, camera, wishes.get(camera.id), schedules)]))
}

function wantedOf(now: number, camera: CameraConfig, wish: Wish | undefined, schedules: SiteSchedules): Wanted {
  if (wish !== undefined) return { ...wish, until: null }
  const schedule = schedules.of(camera.id)
  if (schedule !== undefined)
    return { record: schedule.active(now), by: BY_SCHEDULE, at: null, until: schedule.nextChange(now) ?? null }
  return { record: camera.record === true, by: BY_CONFIGURATION, at: null, until: null }
}
