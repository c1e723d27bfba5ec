import type { Schedule } from '../../config/schedule/schedule.ts'
import type { StateStore } from '../../state/state-store.ts'
import { BY_REMOVAL, BY_SCHEDULE, type Wish } from '../../state/wish.ts'
import type { SiteSchedules } from './site-schedules.ts'
import type { Wanted } from './wanted.ts'

/**
 * Keeps the history of what was wanted of each camera: one entry for each change, whoever made it. It is compared with what
 * stands there as of now, so restarts enter nothing twice, and a clock that was wrong for a while puts itself right.
 */
export class WantedHistory {
  readonly #state: StateStore
  /** Since when the schedules are known to hold as they are. At first, since ever: the daemon may have been down meanwhile. */
  #since = 0

  constructor(state: StateStore) {
    this.#state = state
  }

  /** The schedules are others from `now` on (wall-clock milliseconds). */
  schedulesChanged(now: number): void {
    this.#since = now
  }

  /**
   * Enters what is wanted at `now`, where that is new. What a schedule changed since the entry before, while no daemon ran,
   * is entered for the instants at which it did: those seconds were wanted, or not, all the same.
   */
  note(now: number, wanted: ReadonlyMap<string, Wanted>, schedules: SiteSchedules): void {
    const entries: [string, Wish][] = []
    const missed = new MissedChanges(now)
    for (const [camera, { record, by }] of wanted) {
      let last = this.#state.wishAt(camera, now)
      const schedule = schedules.of(camera)
      if (schedule !== undefined && by === BY_SCHEDULE && last?.by === BY_SCHEDULE) {
        for (const change of missed.of(schedule, Math.max(last.at, this.#since))) {
          if (change.record === last.record) continue
          last = { ...change, by }
          entries.push([camera, last])
        }
      }
      if (last?.record !== record || last.by !== by) entries.push([camera, { record, by, at: now }])
    }
    if (entries.length > 0) this.#state.enterHistory(entries)
    this.#since = now
  }

  /** Enters that cameras which are not among `configured` any more are wanted no longer, from `now` on. */
  leave(now: number, configured: ReadonlySet<string>): void {
    const gone = this.#state.camerasWithHistory().filter(camera => {
      if (configured.has(camera)) return false
      const last = this.#state.wishAt(camera, now)
      return last === undefined || last.by !== BY_REMOVAL
    })
    const wish = { record: false, by: BY_REMOVAL, at: now }
    if (gone.length > 0) this.#state.enterHistory(gone.map(camera => [camera, wish]))
  }
}

type Change = Pick<Wish, 'at' | 'record'>

/** The changes of schedules up to an instant; of cameras that ask one after the other for the same, they are sought once. */
class MissedChanges {
  readonly #now: number
  readonly #found = new Map<Schedule, { readonly from: number; readonly changes: readonly Change[] }>()

  constructor(now: number) {
    this.#now = now
  }

  of(schedule: Schedule, from: number): readonly Change[] {
    const found = this.#found.get(schedule)
    if (found?.from === from) return found.changes
    const changes = [...schedule.changes(from, this.#now)]
    this.#found.set(schedule, { from, changes })
    return changes
  }
}
