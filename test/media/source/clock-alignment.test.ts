import { describe, expect, it } from 'vitest'
import { ClockAlignment } from '../../../src/media/source/clock-alignment.ts'

/** Plays for so many seconds; gives the most by which sound and picture of one moment were apart in the last minute. */
function play(options: {
  seconds: number
  /** By how much the sound's clock is fast. */
  fast?: number
  /** Milliseconds by which the sound's time line is put wrong at the beginning. */
  wrong?: number
  /** When a moment's data are read. */
  read?: (moment: number) => number
}): number {
  const { seconds, fast = 0, wrong = 0, read = moment => moment } = options
  const alignment = new ClockAlignment()
  let worst = 0
  for (let moment = 0; moment < seconds * 1_000; moment += 20) {
    if (moment % 40 === 0) alignment.picture(moment, read(moment))
    const placed = alignment.place(moment * (1 + fast) + wrong, read(moment))
    if (moment > (seconds - 60) * 1_000) worst = Math.max(worst, Math.abs(placed - moment))
  }
  return worst
}

describe('clock alignment', () => {
  it('leaves clocks alone that agree', () => {
    expect(play({ seconds: 600 })).toBe(0)
  })

  it.each([50e-6, -50e-6, 1e-3, -1e-3])('follows a clock that is %d fast for twelve hours', fast => {
    expect(play({ seconds: 12 * 3_600, fast })).toBeLessThan(20)
  })

  it('makes a wrong beginning good in time', () => {
    expect(play({ seconds: 180, wrong: 150 })).toBeLessThan(2)
    expect(play({ seconds: 180, wrong: -150 })).toBeLessThan(2)
  })

  it('is not misled by rests between reads', () => {
    expect(play({ seconds: 600, read: moment => Math.ceil((moment + 1) / 200) * 200 })).toBeLessThan(40)
  })

  it('moves by half a percent at most, so that sound never goes back', () => {
    const alignment = new ClockAlignment()
    let last = Number.NEGATIVE_INFINITY
    for (let moment = 0; moment < 60_000; moment += 20) {
      alignment.picture(moment, moment)
      const placed = alignment.place(moment + 5_000, moment)
      if (moment > 0) {
        expect(placed - last).toBeGreaterThanOrEqual(19.899)
        expect(placed - last).toBeLessThanOrEqual(20.101)
      }
      last = placed
    }
  })

  it('waits for a picture', () => {
    const alignment = new ClockAlignment()
    for (let moment = 0; moment < 60_000; moment += 20) expect(alignment.place(moment, moment + 300)).toBe(moment)
  })
})
