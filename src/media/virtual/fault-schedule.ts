import type { StreamRole } from '../frame.ts'
import { type Fault, matches, matchesPattern, type PlannedFault } from './fault.ts'

/** What is wrong with one stream at one moment. */
export interface StreamFaults {
  readonly frozen: boolean
  /** New connections are reset. */
  readonly refusing: boolean
  /** RTSP status that new requests are answered with. */
  readonly answer: number | undefined
  readonly garbage: boolean
  /** Milliseconds that sender reports are wrong by. */
  readonly clockOffset: number
  readonly otherParameters: boolean
  /** Share of RTP packets that is left out. */
  readonly loss: number
  /** Milliseconds that a frame may be late. */
  readonly jitter: number
}

export const NO_FAULTS: StreamFaults = {
  frozen: false,
  refusing: false,
  answer: undefined,
  garbage: false,
  clockOffset: 0,
  otherParameters: false,
  loss: 0,
  jitter: 0,
}

interface Entry {
  readonly planned: PlannedFault
  /** Milliseconds after the start at which the next (or running) occurrence begins. */
  begin: number
  /** And ends; infinite when it lasts until it is cleared. */
  end: number
}

/** One beginning or end of a fault: streams of the target have other faults than before. */
export interface FaultChange {
  readonly planned: PlannedFault
  /** True: it begins. `drop` and `reboot` close connections then. */
  readonly begins: boolean
}

/**
 * The faults of a simulator over time. Pure: time is an argument, in milliseconds since the simulator's start, and never
 * goes back. `advance` gives what changed; `of` gives what holds for a stream.
 */
export class FaultSchedule {
  readonly #waiting: Entry[] = []
  readonly #running: Entry[] = []

  add(planned: PlannedFault, now: number): void {
    const begin = planned.at ?? now
    this.#waiting.push({ planned, begin, end: begin + lengthOf(planned) })
  }

  /** Everything that begins or ends up to `now`, in the order of its time. */
  advance(now: number): FaultChange[] {
    const changes: (FaultChange & { at: number })[] = []
    for (const entry of this.#take(this.#running, entry => entry.end <= now)) this.#end(entry, changes)
    // A fault that was begun and is over within this step still begins: a drop has no length at all.
    for (let due = this.#take(this.#waiting, entry => entry.begin <= now); due.length > 0; ) {
      for (const entry of due) {
        changes.push({ planned: entry.planned, begins: true, at: entry.begin })
        if (entry.end <= now) this.#end(entry, changes)
        else this.#running.push(entry)
      }
      due = this.#take(this.#waiting, entry => entry.begin <= now)
    }
    return changes.sort((a, b) => a.at - b.at).map(({ planned, begins }) => ({ planned, begins }))
  }

  /** Ends running faults and forgets planned ones whose target names a camera like `pattern`. */
  clear(pattern: string): FaultChange[] {
    const hit = (entry: Entry) =>
      entry.planned.target.cameras.some(camera => matchesPattern(pattern, camera) || matchesPattern(camera, pattern))
    this.#take(this.#waiting, hit)
    return this.#take(this.#running, hit).map(({ planned }) => ({ planned, begins: false }))
  }

  /** The faults of a stream, all that run put together. */
  of(camera: string, stream: StreamRole): StreamFaults {
    let faults = NO_FAULTS
    for (const { planned } of this.#running) {
      if (matches(planned.target, camera, stream)) faults = merge(faults, planned.fault)
    }
    return faults
  }

  /** Milliseconds after the start of the next change; undefined when none is planned. */
  get next(): number | undefined {
    let next = Number.POSITIVE_INFINITY
    for (const entry of this.#waiting) next = Math.min(next, entry.begin)
    for (const entry of this.#running) next = Math.min(next, entry.end)
    return Number.isFinite(next) ? next : undefined
  }

  #end(entry: Entry, changes: (FaultChange & { at: number })[]): void {
    changes.push({ planned: entry.planned, begins: false, at: entry.end })
    const { every } = entry.planned
    if (every === undefined) return
    const begin = entry.begin + every
    this.#waiting.push({ planned: entry.planned, begin, end: begin + lengthOf(entry.planned) })
  }

  #take(entries: Entry[], which: (entry: Entry) => boolean): Entry[] {
    const taken = entries.filter(which)
    if (taken.length > 0) entries.splice(0, entries.length, ...entries.filter(entry => !taken.includes(entry)))
    return taken
  }
}

function lengthOf(planned: PlannedFault): number {
  return planned.fault.kind === 'drop' ? 0 : (planned.lasts ?? Number.POSITIVE_INFINITY)
}

function merge(faults: StreamFaults, fault: Fault): StreamFaults {
  switch (fault.kind) {
    case 'freeze':
      return { ...faults, frozen: true }
    case 'drop':
      return faults
    case 'reboot':
    case 'refuse':
      return { ...faults, refusing: true }
    case 'answer':
      return { ...faults, answer: fault.status }
    case 'garbage':
      return { ...faults, garbage: true }
    case 'clock':
      return { ...faults, clockOffset: faults.clockOffset + fault.offset }
    case 'parameters':
      return { ...faults, otherParameters: true }
    case 'lose':
      return { ...faults, loss: 1 - (1 - faults.loss) * (1 - fault.share) }
    case 'jitter':
      return { ...faults, jitter: Math.max(faults.jitter, fault.limit) }
  }
}
