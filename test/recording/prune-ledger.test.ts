import { expect, it } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { Archive, SegmentIndex } from '../../src/recording/index.ts'
import { LEDGER_MEMORY, pruneLedger } from '../../src/recording/prune-ledger.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { STATE_SCHEMA } from '../../src/state/state-schema.ts'
import { StateStore } from '../../src/state/state-store.ts'
import { BY_CONFIGURATION, BY_REMOVAL, BY_SCHEDULE } from '../../src/state/wish.ts'
import { camera, site } from '../daemon/site.ts'
import { segment } from './support.ts'

const DAY = 86_400_000
const HOUR = DAY / 24
const NOW = 20_000 * DAY
const YEARS = { start: NOW - 900 * DAY, end: NOW }

/** A camera that is recorded by day for 800 days, an hour at noon unreachable; 30 days of it are kept. */
function longAgo() {
  const database = openDatabase(':memory:', INDEX_SCHEMA)
  const index = new SegmentIndex(database)
  const state = new StateStore(openDatabase(':memory:', STATE_SCHEMA))
  const clock: Clock = { ...systemClock, wall: () => NOW }
  const config = site([camera('gate')])
  const archive = new Archive({
    config: { ...config, storage: { ...config.storage, path: '/nowhere' } },
    clock,
    index,
    state,
  })
  state.enterHistory([['gate', { record: false, by: BY_CONFIGURATION, at: NOW - 800 * DAY }]])
  for (let ago = 800; ago > 0; ago--) {
    const day = NOW - ago * DAY
    state.enterHistory([
      ['gate', { record: true, by: BY_SCHEDULE, at: day + 8 * HOUR }],
      ['gate', { record: false, by: BY_SCHEDULE, at: day + 18 * HOUR }],
    ])
    index.note('gate', [{ start: day + 12 * HOUR, end: day + 13 * HOUR, reason: 'unreachable' }])
    const of = { camera: 'gate', session: `s${ago}` }
    const segments = [
      segment(day + 8 * HOUR, day + 12 * HOUR, of),
      segment(day + 13 * HOUR, day + 18 * HOUR, { ...of, number: 1, began: 'reconnect' }),
    ]
    index.add(segments)
    if (ago > 30) index.remove(segments, 'expired')
  }
  const rows = (table: string) =>
    (database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number }).rows
  const account = (start: number, end = NOW) => archive.coverage('gate', { start, end })
  return { database, index, state, archive, rows, account }
}

it('forgets what is longer ago than a year and a month, and changes nothing of what came after', async () => {
  const { index, state, rows, account } = longAgo()
  const horizon = NOW - LEDGER_MEMORY
  const before = await account(horizon)
  const kept = index.segments('gate', YEARS)
  let breaths = 0
  expect(await pruneLedger({ index, state }, NOW, async () => breaths++)).toBe(horizon)
  expect(breaths).toBeGreaterThan(0)
  expect(await account(horizon)).toEqual(before)
  expect(index.segments('gate', YEARS)).toEqual(kept)
  expect(await account(YEARS.start, horizon)).toEqual([
    { start: YEARS.start, end: horizon, state: 'not-configured', detail: null },
  ])
  expect({ gap: rows('gap'), removed: rows('removed'), session: rows('session') }).toEqual({
    gap: 400,
    removed: 740,
    session: 400,
  })
  expect(state.wishHistoryOf('gate', NOW)).toHaveLength(801)
  await pruneLedger({ index, state }, NOW, async () => {})
  expect(await account(horizon)).toEqual(before)
})

it('forgets nothing of the time from the oldest footage on that is still there', async () => {
  const { index, state, account } = longAgo()
  // Held since two years ago.
  index.add([segment(NOW - 700 * DAY + 8 * HOUR, NOW - 700 * DAY + 12 * HOUR, { camera: 'gate', session: 's700' })])
  const from = NOW - 700 * DAY + 8 * HOUR
  const before = await account(from)
  expect(await pruneLedger({ index, state }, NOW, async () => {})).toBe(from)
  expect(await account(from)).toEqual(before)
  expect(index.gaps('gate', YEARS)[0]?.start).toBe(NOW - 700 * DAY + 12 * HOUR)
})

it('keeps what is wanted of a camera that nobody said anything of since, and forgets those that are gone', async () => {
  const { index, state } = longAgo()
  state.enterHistory([
    ['still', { record: true, by: BY_CONFIGURATION, at: NOW - 800 * DAY }],
    ['left', { record: true, by: BY_CONFIGURATION, at: NOW - 800 * DAY }],
    ['left', { record: false, by: BY_REMOVAL, at: NOW - 700 * DAY }],
    ['back', { record: true, by: BY_CONFIGURATION, at: NOW - 800 * DAY }],
    ['back', { record: false, by: BY_REMOVAL, at: NOW - 700 * DAY }],
    ['back', { record: true, by: BY_CONFIGURATION, at: NOW - 10 * DAY }],
  ])
  await pruneLedger({ index, state }, NOW, async () => {})
  expect(state.wishHistoryOf('still', NOW)).toEqual([{ record: true, by: BY_CONFIGURATION, at: NOW - LEDGER_MEMORY }])
  expect(state.wishHistoryOf('back', NOW)).toEqual([{ record: true, by: BY_CONFIGURATION, at: NOW - 10 * DAY }])
  expect(state.camerasWithHistory().sort()).toEqual(['back', 'gate', 'still'])
})
