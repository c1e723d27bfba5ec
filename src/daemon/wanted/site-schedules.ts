import { Schedule } from '../../config/schedule/schedule.ts'
import type { CameraConfig, ScheduleConfig, SiteConfig } from '../../config/types.ts'

/** The schedules of a site's cameras, each made once: most cameras share a few. */
export class SiteSchedules {
  readonly #byCamera = new Map<string, Schedule>()
  readonly #all = new Map<string, Schedule>()

  /** `of`: what of a camera may be left to a schedule. */
  constructor(
    { site, cameras }: Pick<SiteConfig, 'site' | 'cameras'>,
    of: (camera: CameraConfig) => boolean | ScheduleConfig = ({ record }) => record,
  ) {
    for (const camera of cameras) {
      const scheduled = of(camera)
      if (typeof scheduled === 'boolean') continue
      const key = scheduled.schedule.join('\n')
      let schedule = this.#all.get(key)
      if (schedule === undefined) {
        schedule = new Schedule(scheduled.schedule, site.timezone)
        this.#all.set(key, schedule)
      }
      this.#byCamera.set(camera.id, schedule)
    }
  }

  /** The schedule of a camera; undefined for one that has none. */
  of(camera: string): Schedule | undefined {
    return this.#byCamera.get(camera)
  }

  /** When any of the schedules changes next, after `at`; undefined when none does within a year. Wall-clock milliseconds. */
  nextChange(at: number): number | undefined {
    const changes = [...this.#all.values()].flatMap(schedule => schedule.nextChange(at) ?? [])
    return changes.length === 0 ? undefined : Math.min(...changes)
  }
}
