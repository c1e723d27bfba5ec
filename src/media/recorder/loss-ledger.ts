/** A stretch of wall-clock time, in milliseconds, in which footage should have been recorded and was not. */
export interface Gap {
  readonly start: number
  readonly end: number
  readonly reason: string
}

/** Milliseconds below which a gap is the jitter of arrivals. */
const JITTER = 50
/** Reasons kept for one gap, and in the totals; the rest is under the last one, or under "other". */
const LIMIT = 100

/**
 * What of a camera's footage is missing, and why. Reasons are noted as they arise, in order of time; a gap is known for sure
 * only when the first frame behind it is on disk, because what waits in memory is not lost yet.
 */
export class LossLedger {
  readonly #emit: (gap: Gap) => void
  readonly #lost = new Map<string, number>()
  #notes: { at: number; reason: string }[] = []
  #end: number | undefined

  constructor(emit: (gap: Gap) => void) {
    this.#emit = emit
  }

  /** From `at` on nothing is recorded because of `reason`, until something is, or for another reason noted for later. */
  note(at: number, reason: string): void {
    // Frames that waited can be dropped after the camera has gone: not always in order.
    const index = this.#notes.findLastIndex(note => note.at <= at) + 1
    const later = this.#notes[index]
    if (later?.reason === reason) later.at = at
    else if (this.#notes.length < LIMIT) this.#notes.splice(index, 0, { at, reason })
  }

  /** Still nothing comes, and this is why: like {@link note}, for a reason that is told again and again. */
  remains(at: number, reason: string): void {
    if (this.#notes.at(-1)?.reason !== reason) this.note(at, reason)
  }

  /** An earlier recording ended at `end`, not on purpose: what is missing since then is for `reason`. */
  previous(end: number, reason: string): void {
    const first = this.#notes[0]
    if (this.#end !== undefined || (first && first.at < end)) return
    this.#end = end
    this.#notes.unshift({ at: end, reason })
  }

  /** Footage of `[start, end)` is on disk; `continues` says that nothing is missing before it. */
  written(start: number, end: number, continues: boolean): void {
    if (!continues) this.#close(start)
    else if (this.#notes.length > 0) this.#notes = this.#notes.filter(note => note.at > start)
    this.#end = end
  }

  /** Footage that was written, and that the disk then lost, or a part of it. */
  spoilt(gap: Gap): void {
    add(this.#lost, gap)
    this.#emit(gap)
  }

  /** Nothing more will come, and that is wanted from `at` on: what is still missing is counted up to then. */
  stop(at: number): void {
    this.#close(at)
  }

  /**
   * Seconds lost by reason: gaps that are over, and the one at hand up to `until` (wall-clock milliseconds): now, or the
   * arrival of the first frame that was taken since.
   */
  totals(until: number): Record<string, number> {
    const totals = new Map(this.#lost)
    for (const gap of this.#pieces(until)) add(totals, gap)
    return Object.fromEntries([...totals].map(([reason, seconds]) => [reason, Math.round(seconds * 1_000) / 1_000]))
  }

  #close(at: number): void {
    for (const gap of this.#pieces(at)) {
      add(this.#lost, gap)
      this.#emit(gap)
    }
    this.#notes = this.#notes.filter(note => note.at > at)
  }

  #pieces(until: number): Gap[] {
    const gaps: Gap[] = []
    const notes = this.#notes.filter(note => note.at < until)
    for (const [index, note] of notes.entries()) {
      const start = Math.max(note.at, this.#end ?? note.at)
      const end = Math.min(notes[index + 1]?.at ?? until, until)
      if (end - start > JITTER) gaps.push({ start, end, reason: note.reason })
    }
    return gaps
  }
}

function add(totals: Map<string, number>, gap: Gap): void {
  const reason = totals.has(gap.reason) || totals.size < LIMIT ? gap.reason : 'other'
  totals.set(reason, (totals.get(reason) ?? 0) + (gap.end - gap.start) / 1_000)
}
