import { describe, expect, it } from 'vitest'
import { forecast } from '../../../src/recording/retention/forecast.ts'
import { planRetention } from '../../../src/recording/retention/plan-retention.ts'
import type { CameraFootage, Candidate } from '../../../src/recording/retention/types.ts'
import { DAY, footage, HOUR, run, survey } from './support.ts'

const NOW = 1_000 * DAY
/** Bytes a second. */
const RATE = 500_000
const A_DAY = RATE * 86_400

/** A camera that has recorded for some days at RATE. */
function camera(name: string, days: number, over: Partial<CameraFootage<Candidate>> = {}) {
  return footage(name, run(name, NOW - days * DAY, days * 24, HOUR, RATE * 3_600), {
    rate: RATE,
    age: 30 * DAY,
    ...over,
  })
}

const room = (free: number) => ({ space: { free, total: 100 * A_DAY } })
const days = (milliseconds: number) => milliseconds / DAY

describe('forecast', () => {
  it('holds a promise that the disk has room for', () => {
    const { promises, roomEndsAt, fullAt } = forecast(survey([camera('gate', 10)], room(21 * A_DAY)))
    expect(promises).toEqual([{ camera: 'gate', promised: 30 * DAY, keeps: 30 * DAY, breaksAt: null, by: null }])
    expect([roomEndsAt, fullAt]).toEqual([null, null])
  })

  it('tells days ahead when and by how much it breaks', () => {
    // 10 days there, room for 11.6 more, of which 4 hours stay free: 21.4 days.
    const { promises, roomEndsAt } = forecast(survey([camera('gate', 10)], room(11.6 * A_DAY)))
    const [gate] = promises
    expect(gate).toMatchObject({ camera: 'gate', by: 'headroom' })
    expect(days(gate!.keeps)).toBeCloseTo(21.4, 0)
    expect(days(gate!.breaksAt! - NOW)).toBeCloseTo(11.4, 0)
    expect(roomEndsAt).toBe(gate!.breaksAt)
  })

  it('says now where it is broken already', () => {
    const [gate] = forecast(survey([camera('gate', 20)], room(0.1 * A_DAY))).promises
    expect(gate!.breaksAt).toBe(NOW)
    expect(days(gate!.keeps)).toBeCloseTo(19.9, 0)
  })

  it('a quota breaks a promise too', () => {
    const [gate] = forecast(survey([camera('gate', 5, { quota: 12 * A_DAY })], room(90 * A_DAY))).promises
    expect(gate).toMatchObject({ by: 'quota' })
    expect(days(gate!.keeps)).toBeCloseTo(12, 0)
    expect(days(gate!.breaksAt! - NOW)).toBeCloseTo(7, 0)
  })

  it('the quota of a group is shared by its cameras', () => {
    const group = ['a', 'b'].map(name => camera(name, 5, { group: 'g' }))
    const { promises } = forecast(survey(group, { ...room(90 * A_DAY), groups: [{ group: 'g', quota: 24 * A_DAY }] }))
    for (const { keeps, by } of promises) expect([Math.round(days(keeps)), by]).toEqual([12, 'quota'])
  })

  it('by priority the lowest gives all that it has before the others give anything', () => {
    const cameras = [camera('low', 15, { priority: 10 }), camera('high', 15, { priority: 90 })]
    const { promises } = forecast(survey(cameras, { ...room(13 * A_DAY), policy: 'by-priority' }))
    expect(promises.map(({ camera }) => camera)).toEqual(['low', 'high'])
    expect(days(promises[0]!.keeps)).toBeCloseTo(12.7, 0)
    expect(promises[1]!.breaksAt).toBeNull()
  })

  it('a camera without a promise gives for one that has one, being older', () => {
    const cameras = [camera('free', 60, { age: null }), camera('gate', 20)]
    const [gate] = forecast(survey(cameras, room(0.5 * A_DAY))).promises
    // 80.2 days of footage have room: from day 40 on both keep the same.
    expect(gate!.breaksAt).toBeNull()
  })

  it('held footage takes its room for good', () => {
    const held = { holds: [{ start: NOW - 10 * DAY, end: NOW - 2 * DAY }] }
    const [gate] = forecast(survey([camera('gate', 10, held)], room(11.6 * A_DAY))).promises
    expect(days(gate!.keeps)).toBeCloseTo(13.4, 0)
  })

  it('sees a disk that will be full, for nothing may go', () => {
    const held = { holds: [{ start: 0, end: NOW + 365 * DAY }] }
    const { fullAt } = forecast(survey([camera('gate', 10, held)], room(5 * A_DAY)))
    expect(days(fullAt! - NOW)).toBeCloseTo(5, 0)
  })

  it('takes 200 cameras in a moment', () => {
    const cameras = Array.from({ length: 200 }, (_, n) => {
      const bytes = 20 * A_DAY
      return footage(`c${n}`, [], {
        rate: RATE,
        age: 30 * DAY,
        bytes,
        recorded: 20 * DAY,
        extent: { start: NOW - 20 * DAY, end: NOW },
      })
    })
    const { promises } = forecast(survey(cameras, room(200 * A_DAY)))
    expect(promises.every(({ keeps }) => Math.abs(days(keeps) - 21) < 0.5)).toBe(true)
  })
})

describe('planRetention', () => {
  it('counts all, lists the first, and says how much is left', () => {
    const plan = planRetention(survey([camera('gate', 40), camera('hall', 35)], room(100 * A_DAY)), 3)
    expect(plan.segments).toBe(15 * 24)
    expect(plan.first).toHaveLength(3)
    expect(plan.first[0]).toMatchObject({ segment: { camera: 'gate', start: NOW - 40 * DAY }, rule: 'age' })
    expect(plan.cameras.map(({ camera, due }) => [camera, due.age.segments])).toEqual([
      ['gate', 240],
      ['hall', 120],
    ])
    expect(days(plan.headroom!)).toBeCloseTo(50, 5)
    expect(plan.alarms).toEqual([])
  })

  it('is loud when all that may go is not enough', () => {
    const held = { holds: [{ start: 0, end: NOW }], quota: 1e6 }
    const { alarms, segments } = planRetention(survey([camera('gate', 3, held)], room(1e6)), 9)
    expect(segments).toBe(0)
    expect(alarms).toEqual([
      'gate takes 130 GB more than its quota, and all of that is held or younger than 1 h',
      '7.2 GB more should be free, and all footage that is left is held or younger than 1 h: nothing more is deleted; the disk is full in 2 s',
    ])
  })

  it('keeps a little room where no bit rate is known', () => {
    const quiet = camera('gate', 3, { rate: null })
    const plan = planRetention(survey([quiet], { space: { free: 0, total: 1e12 } }), 9)
    expect([plan.headroom, plan.segments, plan.needed]).toEqual([null, 1, 1e9])
  })
})
