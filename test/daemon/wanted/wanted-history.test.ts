import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CameraConfig } from '../../../src/config/types.ts'
import { SiteSchedules } from '../../../src/daemon/wanted/site-schedules.ts'
import { wantedAt } from '../../../src/daemon/wanted/wanted.ts'
import { WantedHistory } from '../../../src/daemon/wanted/wanted-history.ts'
import { heldSince, personOf } from '../../../src/daemon/wanted/wishes.ts'
import { openDatabase } from '../../../src/database/open.ts'
import { STATE_SCHEMA } from '../../../src/state/state-schema.ts'
import { StateStore } from '../../../src/state/state-store.ts'
import { camera } from '../site.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A Tuesday, 09:00 in Paris. */
const morning = Date.parse('2026-11-24T09:00:00+01:00')
const office = { schedule: ['* 7-18 * * 1-5'] }
const timezone = 'Europe/Paris'
let database: DatabaseSync
let state: StateStore

beforeEach(() => {
  database = openDatabase(':memory:', STATE_SCHEMA)
  state = new StateStore(database)
})
afterEach(() => database.close())

/** What a daemon does with one configuration; `at` is its wall clock. */
function daemonOf(...cameras: CameraConfig[]) {
  const history = new WantedHistory(state)
  const schedules = new SiteSchedules({ site: { name: 's', timezone }, cameras })
  return {
    start: (at: number) => history.leave(at, new Set(cameras.map(({ id }) => id))),
    at: (at: number) => history.note(at, wantedAt(at, cameras, state.wishes(), schedules), schedules),
    change: (at: number, ...others: CameraConfig[]) => {
      history.schedulesChanged(at)
      const after = new SiteSchedules({ site: { name: 's', timezone }, cameras: others })
      history.leave(at, new Set(others.map(({ id }) => id)))
      history.note(at, wantedAt(at, others, state.wishes(), after), after)
    },
  }
}

/** `24 09:00 on schedule`: day and time in Paris. */
const rows = (id: string) =>
  state.wishHistoryOf(id, Number.MAX_SAFE_INTEGER).map(({ at, record, by }) => {
    const local = new Date(at + HOUR).toISOString()
    return `${local.slice(8, 10)} ${local.slice(11, 16)} ${record ? 'on' : 'off'} ${by}`
  })

describe('the history of what was wanted', () => {
  it('begins with the first time that a camera is seen', () => {
    daemonOf(camera('a'), camera('never', { record: false }), camera('till', { record: office })).at(morning)
    expect(rows('a')).toEqual(['24 09:00 on configuration'])
    expect(rows('never')).toEqual(['24 09:00 off configuration'])
    expect(rows('till')).toEqual(['24 09:00 on schedule'])
  })

  it('has every change once, over restarts of the daemon', () => {
    const cameras = [camera('till', { record: office })]
    for (let at = morning; at < morning + 2 * DAY; at += 20 * 60_000) {
      const daemon = daemonOf(...cameras)
      daemon.start(at)
      daemon.at(at)
      daemon.at(at + 5_000)
    }
    expect(rows('till')).toEqual([
      '24 09:00 on schedule',
      '24 19:00 off schedule',
      '25 07:00 on schedule',
      '25 19:00 off schedule',
      '26 07:00 on schedule',
    ])
  })

  it('enters what a schedule changed while no daemon ran for the instants at which it did', () => {
    const cameras = ['till-1', 'till-2'].map(id => camera(id, { record: office }))
    daemonOf(...cameras).at(morning)
    daemonOf(...cameras).at(morning + DAY + 30 * 60_000)
    const expected = ['24 09:00 on schedule', '24 19:00 off schedule', '25 07:00 on schedule']
    expect([rows('till-1'), rows('till-2')]).toEqual([expected, expected])
  })

  it('says who: a person until told otherwise, then the schedule again', () => {
    const daemon = daemonOf(camera('till', { record: office }))
    daemon.at(morning)
    state.wish(['till'], { record: false, by: 'anna', at: morning + HOUR })
    daemon.at(morning + HOUR)
    daemon.at(morning + DAY)
    state.forgetWishes(['till'])
    daemon.at(morning + DAY + HOUR)
    expect(rows('till')).toEqual(['24 09:00 on schedule', '24 10:00 off anna', '25 10:00 on schedule'])
  })

  it('a person who wants what the schedule wants is an entry, and the end of the window is none', () => {
    const daemon = daemonOf(camera('till', { record: office }))
    daemon.at(morning)
    state.wish(['till'], { record: true, by: 'anna', at: morning + HOUR })
    daemon.at(morning + 12 * HOUR)
    expect(rows('till')).toEqual(['24 09:00 on schedule', '24 10:00 on anna'])
  })

  it('follows a changed configuration from the change on, not from before it', () => {
    const daemon = daemonOf(camera('till', { record: office }))
    daemon.at(morning)
    daemon.change(morning + HOUR, camera('till', { record: { schedule: ['* 20-23 * * *'] } }))
    daemon.change(morning + 2 * HOUR, camera('till'))
    daemon.change(morning + 3 * HOUR, camera('till', { record: { schedule: ['* 8-10 * * *'] } }))
    expect(rows('till')).toEqual([
      '24 09:00 on schedule',
      '24 10:00 off schedule',
      '24 11:00 on configuration',
      '24 12:00 off schedule',
    ])
  })

  it('ends when a camera leaves the configuration, also while no daemon ran, and once', () => {
    const daemon = daemonOf(camera('a'), camera('b'))
    daemon.at(morning)
    daemon.change(morning + HOUR, camera('b'))
    const next = daemonOf(camera('c'))
    next.start(morning + 2 * HOUR)
    next.at(morning + 2 * HOUR)
    daemonOf(camera('c')).start(morning + 3 * HOUR)
    expect(rows('a')).toEqual(['24 09:00 on configuration', '24 10:00 off removal'])
    expect(rows('b')).toEqual(['24 09:00 on configuration', '24 11:00 off removal'])
    daemonOf(camera('a')).at(morning + 4 * HOUR)
    expect(rows('a').at(-1)).toBe('24 13:00 on configuration')
  })

  it('takes up the history of an earlier vmsctl, which knew only what people said', () => {
    state.wish(['a'], { record: false, by: 'anna', at: morning - DAY })
    daemonOf(camera('a'), camera('b')).at(morning)
    expect(rows('a')).toEqual(['23 09:00 off anna'])
    expect(rows('b')).toEqual(['24 09:00 on configuration'])
  })

  it('is right again after a clock that was wrong, in the future or at the beginning of time', () => {
    const cameras = [camera('till', { record: office })]
    const daemon = daemonOf(...cameras)
    daemon.at(morning)
    // Wrong by ten hours for a moment: the window seems to be over.
    daemon.at(morning + 10 * HOUR + 60_000)
    daemon.at(morning + 60_000)
    expect(state.wishAt('till', morning + 60_000)).toMatchObject({ record: true })
    state.wish(['till'], { record: true, by: 'anna', at: morning + 2 * HOUR })
    daemon.at(morning + 2 * HOUR)
    // The entry of the wrong moment comes round, and does not hold.
    daemon.at(morning + 10 * HOUR + 120_000)
    expect(state.wishAt('till', morning + 11 * HOUR)).toMatchObject({ record: true, by: 'anna' })
    const booted = daemonOf(...cameras)
    booted.at(1_000)
    state.forgetWishes(['till'])
    booted.at(morning + DAY)
    expect(state.wishAt('till', morning + DAY)).toMatchObject({ record: true, by: 'schedule' })
  })
})

describe('what is wanted', () => {
  it('tells until when a schedule holds, and nothing of the sort for a person', () => {
    const cameras = [camera('till', { record: office }), camera('a')]
    const schedules = new SiteSchedules({ site: { name: 's', timezone }, cameras })
    const evening = Date.parse('2026-11-24T19:00:00+01:00')
    const wanted = (at: number, wishes = new Map()) => wantedAt(at, cameras, wishes, schedules).get('till')
    expect(wanted(morning)).toEqual({ record: true, by: 'schedule', at: null, until: evening })
    expect(wanted(evening)).toEqual({ record: false, by: 'schedule', at: null, until: evening + 12 * HOUR })
    const anna = { record: true, by: 'anna', at: morning }
    expect(wanted(evening, new Map([['till', anna]]))).toEqual({ ...anna, until: null })
    expect(schedules.nextChange(morning)).toBe(evening)
    expect(new SiteSchedules({ site: { name: 's', timezone }, cameras: [camera('a')] }).nextChange(0)).toBeUndefined()
  })

  it('holds since the last change of it, whoever wanted it meanwhile', () => {
    const wish = (at: number, record: boolean, by: string) => ({ at, record, by })
    expect(heldSince([])).toBe(0)
    expect(heldSince([wish(1, true, 'configuration')])).toBe(1)
    expect(heldSince([wish(1, false, 'x'), wish(2, true, 'schedule'), wish(3, true, 'anna')])).toBe(2)
  })

  it('is never said by a person with the name of what is no person', () => {
    expect([' anna ', '', undefined, 'schedule', 'configuration'].map(personOf)).toEqual([
      'anna',
      'somebody',
      'somebody',
      'user schedule',
      'user configuration',
    ])
  })
})
