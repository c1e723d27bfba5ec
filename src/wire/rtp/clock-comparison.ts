/** Sender reports that are looked back on: three minutes at the usual five seconds. */
const WINDOW = 36
/** Minutes whose best report is kept for the drift, and how many are better than the window of reports. */
const MINUTES = 60
const MINUTES_ENOUGH = 5
const MINUTE = 60_000
/** Reports and milliseconds that a drift needs to mean anything. */
const DRIFT_REPORTS = 8
const DRIFT_SPAN = 60_000
/** A report this far ahead of what the others say is a clock that was set: a network can only make it late. Milliseconds. */
const STEP = 500
/** So many reports in a row that are late by more than STEP are one too. */
const STEP_REPORTS = 3

interface Sample {
  readonly arrival: number
  readonly difference: number
}

/**
 * A camera's clock against ours, from its sender reports. Each gives `camera time - arrival`, which is the offset less the
 * time the report took; what the network adds varies, so the report that took least counts, after the drift (the median
 * slope of all pairs) is taken out. A clock that is wrong by years is a number like any other; one that is set while it
 * runs begins a new comparison.
 */
export class ClockComparison {
  #reports: Sample[] = []
  /** Of each minute the report that the network delayed least. */
  #minutes: Sample[] = []
  #minuteEnds = 0
  #late = 0
  #drift = 0
  /** Camera clock minus ours, milliseconds; undefined before the first report. */
  offset: number | undefined
  /** Parts per million by which the camera's clock is fast; undefined until a minute of reports says so. */
  drift: number | undefined
  /** Times that one of the clocks was set. */
  steps = 0

  /** A sender report: `wall` by the camera's clock, `arrival` by ours, both milliseconds since the Unix epoch. */
  report(wall: number, arrival: number): void {
    const difference = wall - arrival
    const newest = this.#reports.at(-1)
    if (newest && arrival <= newest.arrival - STEP) this.#restart()
    else if (this.offset !== undefined && newest) {
      const surprise = difference - (this.offset + this.#drift * (arrival - newest.arrival))
      this.#late = surprise < -STEP ? this.#late + 1 : 0
      if (surprise > STEP || this.#late >= STEP_REPORTS) this.#restart()
    }
    this.#remember({ arrival, difference })
    this.#evaluate(arrival)
  }

  #restart(): void {
    this.steps++
    this.#late = 0
    this.#reports = []
    this.#minutes = []
    this.#minuteEnds = 0
    this.#drift = 0
    this.drift = undefined
  }

  #remember(sample: Sample): void {
    this.#reports.push(sample)
    if (this.#reports.length > WINDOW) this.#reports.shift()
    if (sample.arrival >= this.#minuteEnds) {
      this.#minuteEnds = sample.arrival + MINUTE
      this.#minutes.push(sample)
      if (this.#minutes.length > MINUTES) this.#minutes.shift()
    } else if (sample.difference > this.#minutes.at(-1)!.difference) {
      this.#minutes[this.#minutes.length - 1] = sample
    }
  }

  #evaluate(now: number): void {
    const reports = this.#reports
    if (reports.length >= DRIFT_REPORTS && now - reports[0]!.arrival >= DRIFT_SPAN) {
      this.#drift = medianSlope(this.#minutes.length >= MINUTES_ENOUGH ? this.#minutes : reports)
      this.drift = this.#drift * 1e6
    }
    let offset = Number.NEGATIVE_INFINITY
    for (const { arrival, difference } of reports) {
      offset = Math.max(offset, difference + this.#drift * (now - arrival))
    }
    this.offset = offset
  }
}

/** Theil-Sen: holds although nearly a third of the points are far off. */
function medianSlope(points: readonly Sample[]): number {
  const slopes: number[] = []
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const span = points[j]!.arrival - points[i]!.arrival
      // Pairs that lie close together say little about a slope and much about the network.
      if (span >= DRIFT_SPAN / 4) slopes.push((points[j]!.difference - points[i]!.difference) / span)
    }
  }
  slopes.sort((a, b) => a - b)
  const middle = slopes.length >> 1
  return slopes.length % 2 === 1 ? slopes[middle]! : ((slopes[middle - 1] ?? 0) + (slopes[middle] ?? 0)) / 2
}
