import { kindOf } from '../fields.ts'
import { scheduleSchema } from '../schema.ts'
import type { Findings } from '../sections.ts'
import type { ScheduleConfig } from '../types.ts'
import type { Path, Plain, PlainMap } from '../yaml-source.ts'
import { parseWindow, type Window, type WindowProblem } from './window.ts'

/** Windows of one schedule: each day is asked of each. */
const MOST_WINDOWS = 100
const formOf = (key: string) => `${key}: { schedule: ["* 7-18 * * 1-5"] }`

/** Reads what `record` or `prewarm` says: a word, which its field has read already, or a mapping with a schedule. */
export class ScheduleReader {
  readonly #findings: Findings
  /** Most cameras of a site have one and the same. */
  readonly #read = new Map<string, Window | WindowProblem>()

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** What `key` of the mapping at `above` says; undefined where nothing is written, or nothing without a fault. */
  read(key: string, word: unknown, raw: Plain | undefined, above: Path): boolean | ScheduleConfig | undefined {
    if (typeof word === 'boolean') return word
    // A list was found to be wrong by the section.
    if (raw === undefined || raw === null || typeof raw === 'string' || Array.isArray(raw)) return undefined
    const path = [...above, key]
    const meant = this.#findings.unknownKeys(raw, Object.keys(scheduleSchema.shape), path, key)
    return meant.has('schedule') ? undefined : this.#schedule(raw, path)
  }

  #schedule(raw: PlainMap, path: Path): ScheduleConfig | undefined {
    const { schedule } = raw
    const place = [...path, 'schedule']
    const form = formOf(String(path.at(-1)))
    if (schedule === undefined || schedule === null || (Array.isArray(schedule) && schedule.length === 0)) {
      this.#findings.fault(schedule === undefined ? path : place, 'a schedule has at least one window', form)
      return undefined
    }
    if (!Array.isArray(schedule)) return this.#windows([schedule], () => place, form)
    if (schedule.length > MOST_WINDOWS) {
      this.#findings.fault(place, `a schedule of ${schedule.length} windows`, `${MOST_WINDOWS} are the most`)
      return undefined
    }
    return this.#windows(schedule, index => [...place, index], form)
  }

  #windows(raw: readonly Plain[], placeOf: (index: number) => Path, form: string): ScheduleConfig | undefined {
    const windows = raw.map((text, index) => {
      if (typeof text === 'string') return this.#window(text, placeOf(index))
      this.#findings.fault(placeOf(index), `a window is a text, not ${kindOf(text)}`, form)
      return undefined
    })
    const whole = windows.filter(window => window !== undefined)
    return whole.length === raw.length ? { schedule: whole } : undefined
  }

  #window(text: string, path: Path): string | undefined {
    let window = this.#read.get(text)
    if (window === undefined) {
      window = parseWindow(text)
      this.#read.set(text, window)
    }
    if (!('problem' in window)) return window.text
    this.#findings.fault(path, window.problem, window.hint)
    return undefined
  }
}
