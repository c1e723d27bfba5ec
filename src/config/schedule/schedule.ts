import { fromLocal, toLocal } from '../../kernel/zone.ts'
import { parseWindow, type Window } from './window.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** Zones change their clocks at whole quarters of an hour of UTC. */
const QUARTER = 15 * MINUTE
/** How far ahead a change is looked for, milliseconds: more than a year. */
const HORIZON = 400 * DAY

/** From `at` on (wall-clock milliseconds) it is to be recorded, or not. */
export interface ScheduleChange {
  readonly at: number
  readonly record: boolean
}

/** A day that some of the windows match. */
interface DayPlan {
  readonly minutes: readonly boolean[]
  /** What holds all day; undefined for a day with changes. */
  readonly whole: boolean | undefined
}

/**
 * When a camera is to be recorded: in every minute that one of the windows matches, by the clocks of `timezone`. An hour that
 * clocks show twice counts twice, one that they skip does not come. Instants are wall-clock milliseconds.
 */
export class Schedule {
  readonly #windows: readonly Window[]
  readonly #timezone: string
  readonly #plans = new Map<string, DayPlan>()
  /** What is known of the time from `from` until `until`, in which nothing changes. `next` is `until` when it is a change. */
  #known: { readonly from: number; readonly until: number; readonly next: number | undefined } | undefined

  /** Windows as {@link parseWindow} takes them: others throw RangeError, since a configuration that holds has none. */
  constructor(windows: readonly string[], timezone: string) {
    this.#windows = windows.map(text => {
      const window = parseWindow(text)
      if ('problem' in window) throw new RangeError(window.problem)
      return window
    })
    this.#timezone = timezone
  }

  /** Whether it is to be recorded at `at`. */
  active(at: number): boolean {
    const local = toLocal(at, this.#timezone)
    const midnight = Math.floor(local / DAY) * DAY
    return this.#planOf(midnight).minutes[Math.floor((local - midnight) / MINUTE)] ?? false
  }

  /** The first instant after `at` from which on {@link active} is another; undefined when there is none for a year. */
  nextChange(at: number): number | undefined {
    const known = this.#known
    if (known !== undefined && at >= known.from && at < known.until) return known.next
    const next = this.#search(at)
    // Far ahead, the horizon itself moves with time.
    this.#known = { from: at, until: next ?? at + DAY, next }
    return next
  }

  /** The changes after `after` and up to `until`, both milliseconds, in order. */
  *changes(after: number, until: number): Generator<ScheduleChange> {
    let next = this.nextChange(after)
    while (next !== undefined && next <= until) {
      yield { at: next, record: this.active(next) }
      next = this.nextChange(next)
    }
  }

  #search(at: number): number | undefined {
    const now = this.active(at)
    const end = at + HORIZON
    let minute = Math.floor(at / MINUTE) * MINUTE + MINUTE
    while (minute < end) {
      const local = toLocal(minute, this.#timezone)
      const midnight = Math.floor(local / DAY) * DAY
      const { minutes, whole } = this.#planOf(midnight)
      if (whole === now) {
        minute = Math.max(minute + MINUTE, fromLocal(midnight + DAY, this.#timezone))
        continue
      }
      const stretch = Math.min(QUARTER - (minute % QUARTER), midnight + DAY - local)
      for (let ahead = 0; ahead < stretch; ahead += MINUTE)
        if (minutes[(local - midnight + ahead) / MINUTE] !== now) return minute + ahead
      minute += stretch
    }
    return undefined
  }

  #planOf(midnight: number): DayPlan {
    const matching = this.#windows.map(window => window.matchesDay(midnight))
    const key = matching.map(Number).join('')
    let plan = this.#plans.get(key)
    if (plan === undefined) {
      const windows = this.#windows.filter((_, index) => matching[index])
      const minutes = Array.from({ length: DAY / MINUTE }, (_, minute) =>
        windows.some(window => window.minutes[minute] === true),
      )
      const whole = minutes.every(on => on === minutes[0]) ? minutes[0] : undefined
      plan = { minutes, whole }
      this.#plans.set(key, plan)
    }
    return plan
  }
}
