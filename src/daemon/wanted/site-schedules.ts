import { Schedule } from '../../config/schedule/schedule.ts'
import type { SiteConfig } from '../../config/types.ts'

/** The schedules of a site's cameras, each made once: most cameras share a few. */
export class SiteSchedules {
  readonly #byCamera = new Map<string, Schedule>()
  readonly #all = new Map<string, Schedule>()

  constructor({ site, cameras }: Pick<SiteConfig, 'site' | 'cameras'>) {
    for (const { id, record } of cameras) {
      if (typeof record === 'boolean') continue
      const key = record.schedule.join('\n')
      let schedule = this.#all.get(key)
      if (schedule === undefined) {
        schedule = new Schedule(record.schedule, site.timezone)
        this.#all.set(key, schedule)
      }
      this.#byCamera.set(id, schedule)
    }
  }

  /** The schedule of a camera; undefined for one that is recorded always or never. */
  of(camera: string): Schedule | undefined {
    return this.#byCamera.get(camera)
  }

  /** When any of the schedules changes next, after `at`; undefined when none does within a year. Wall-clock milliseconds. */
  nextChange(at: number): number | undefined {
    const changes = [...this.#all.values()].flatMap(schedule => schedule.nextChange(at) ?? [])
    return changes.length === 0 ? undefined : Math.min(...changes)
  }
}
