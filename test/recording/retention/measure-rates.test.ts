import { expect, it } from 'vitest'
import { openDatabase } from '../../../src/database/open.ts'
import { measureRates } from '../../../src/recording/retention/measure-rates.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import { segment } from '../support.ts'
import { DAY, HOUR } from './support.ts'

const NOW = 1_000 * DAY

/** Rates at NOW of cameras that recorded an hour of 3.6 MB, 1 000 bytes a second, at each of these hours before NOW. */
async function rates(cameras: Record<string, readonly number[]>): Promise<Record<string, number>> {
  const index = new SegmentIndex(openDatabase(':memory:', INDEX_SCHEMA))
  for (const [camera, hours] of Object.entries(cameras)) {
    const of = { camera, bytes: 3_600_000 }
    index.add(hours.map(ago => segment(NOW - ago * HOUR, NOW - (ago - 1) * HOUR, { ...of, session: `${ago}` })))
  }
  return Object.fromEntries(await measureRates(index, NOW, async () => {}))
}

const hours = (from: number, count: number) => Array.from({ length: count }, (_, n) => from - n)

it('is what a camera wrote in the last day, from its first second on, gaps and all', async () => {
  expect(await rates({ always: hours(48, 48), new: hours(6, 6), half: hours(24, 12), gone: hours(72, 24) })).toEqual({
    always: 1_000,
    new: 1_000,
    half: 500,
    gone: 0,
  })
})

it('is that of the last day of each where nothing is written any more', async () => {
  expect(await rates({ long: hours(96, 48), short: hours(99, 2) })).toEqual({ long: 1_000, short: 1_000 })
})

it('does not count what a clock that was wrong has left in the future', async () => {
  // A camera with such footage only was taken to write a day of it every minute, and all others made room for that.
  expect(await rates({ always: [...hours(48, 48), ...hours(-1_000, 24)], bench: hours(-1_000, 24) })).toEqual({
    always: 1_000,
    bench: 0,
  })
})
