import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deletions } from '../../../src/recording/retention/deletions.ts'
import { neededSpace } from '../../../src/recording/retention/headroom.ts'
import type { Candidate, Deletion, RetentionSurvey, Shortfall } from '../../../src/recording/retention/types.ts'
import { isHeld } from '../../../src/recording/segment-index/hold-table.ts'
import { anySurvey, DAY, footage, HOUR, mayGo, run, survey } from './support.ts'

function take(of: RetentionSurvey): { list: Deletion[]; shortfall: Shortfall } {
  const all = deletions(of)
  const list: Deletion[] = []
  for (;;) {
    const step = all.next()
    if (step.done) return { list, shortfall: step.value }
    list.push(step.value)
  }
}

const cameraOf = (of: RetentionSurvey, { camera }: Candidate) => of.cameras.find(one => one.camera === camera)!
const bytesOf = (segments: readonly Candidate[]) => segments.reduce((sum, { bytes }) => sum + bytes, 0)
const NOW = 1_000 * DAY

describe('deletions', () => {
  it('names nothing twice, nothing held, and nothing of the last hour', () => {
    fc.assert(
      fc.property(anySurvey, ({ survey: of }) => {
        const { list } = take(of)
        expect(new Set(list.map(({ segment }) => segment)).size).toBe(list.length)
        for (const { segment, rule } of list) {
          const camera = cameraOf(of, segment)
          expect(isHeld(segment, camera.holds)).toBe(false)
          expect(segment.end).toBeLessThanOrEqual(of.now - of.headroom.protect)
          if (rule !== 'age') expect(mayGo(of, camera, segment)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('takes by age exactly what ended before', () => {
    fc.assert(
      fc.property(anySurvey, ({ survey: of, all }) => {
        const { list } = take(of)
        const aged = new Set(list.filter(({ rule }) => rule === 'age').map(({ segment }) => segment))
        for (const segment of all) {
          const { age, holds } = cameraOf(of, segment)
          const due =
            age !== null && segment.end <= of.now - Math.max(age, of.headroom.protect) && !isHeld(segment, holds)
          expect(aged.has(segment)).toBe(due)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is exact to the millisecond', () => {
    const at = (end: number) => ({ camera: 'c', stream: 'main' as const, start: end - HOUR, end, bytes: 1 })
    const limit = NOW - 3 * DAY
    const all = [at(limit - 1), at(limit), at(limit + 1)]
    expect(take(survey([footage('c', all, { age: 3 * DAY })])).list.map(({ segment }) => segment)).toEqual(
      all.slice(0, 2),
    )
    const held = { age: 3 * DAY, holds: [{ start: limit - DAY, end: limit - HOUR }] }
    expect(take(survey([footage('c', all, held)])).list.map(({ segment }) => segment)).toEqual(all.slice(1, 2))
  })

  it('frees what is needed and one segment at most beyond, or all that may go', () => {
    fc.assert(
      fc.property(anySurvey, ({ survey: of, all }) => {
        const { list, shortfall } = take(of)
        const gone = new Set(list.map(({ segment }) => segment))
        const freed = bytesOf([...gone])
        const needed = neededSpace(of) - of.space!.free
        const left = all.filter(segment => !gone.has(segment) && mayGo(of, cameraOf(of, segment), segment))
        if (freed < needed) expect([left, shortfall.headroom]).toEqual([[], needed - freed])
        else expect(shortfall.headroom).toBe(0)
        const last = list.at(-1)
        if (last?.rule === 'headroom') expect(freed - last.segment.bytes).toBeLessThan(needed)
      }),
      { numRuns: 500 },
    )
  })

  it('keeps quotas of cameras and groups, or says by how much it cannot', () => {
    fc.assert(
      fc.property(anySurvey, ({ survey: of, all }) => {
        const { list, shortfall } = take(of)
        const gone = new Set(list.filter(({ rule }) => rule !== 'headroom').map(({ segment }) => segment))
        const limits = [
          ...of.cameras.map(({ camera, quota }) => ({ name: camera, of: [camera], quota })),
          ...of.groups.map(({ group, quota }) => ({
            name: `group ${group}`,
            of: of.cameras.filter(one => one.group === group).map(({ camera }) => camera),
            quota,
          })),
        ]
        for (const { name, of: cameras, quota } of limits) {
          if (quota === null) continue
          const kept = all.filter(segment => cameras.includes(segment.camera) && !gone.has(segment))
          const over = bytesOf(kept) - quota
          if (over <= 0) continue
          // A group that comes later may have taken more of it.
          expect(shortfall.quotas.find(({ of }) => of === name)?.bytes).toBeGreaterThanOrEqual(over)
          expect(kept.filter(segment => mayGo(of, cameraOf(of, segment), segment))).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('takes from each camera its oldest that may go', () => {
    fc.assert(
      fc.property(anySurvey, ({ survey: of, all }) => {
        const forRoom = take(of).list.filter(({ rule }) => rule !== 'age')
        const gone = new Set(take(of).list.map(({ segment }) => segment))
        for (const { camera } of of.cameras) {
          const youngest = Math.max(
            ...forRoom.filter(({ segment }) => segment.camera === camera).map(({ segment }) => segment.start),
          )
          const older = all.filter(
            segment => segment.camera === camera && segment.start < youngest && !gone.has(segment),
          )
          expect(older.filter(segment => mayGo(of, cameraOf(of, segment), segment))).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('goes through all cameras in the order of the policy', () => {
    fc.assert(
      fc.property(anySurvey, ({ survey: of }) => {
        const forRoom = take(of)
          .list.filter(({ rule }) => rule === 'headroom')
          .map(({ segment }) => segment)
        const keys = forRoom.map(segment => (of.policy === 'by-priority' ? cameraOf(of, segment).priority : 0))
        expect(keys).toEqual(keys.toSorted((a, b) => a - b))
        if (of.policy === 'fair-by-days') return
        for (const [n, segment] of forRoom.entries()) {
          const next = forRoom[n + 1]
          if (next && keys[n] === keys[n + 1]) expect(next.start).toBeGreaterThanOrEqual(segment.start)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('fair by days, all that give end with the same time recorded, within a segment', () => {
    const some = fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(some, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (counts, share) => {
        // Some record all the time, others one hour in three: what they have is not how long ago they began.
        const cameras = counts.map((count, n) => {
          const every = n % 2 === 0 ? 1 : 3
          const segments = run(`c${n}`, NOW - count * every * HOUR, count * every, HOUR, 1_000).filter(
            (_, hour) => hour % every === 0,
          )
          return footage(`c${n}`, segments)
        })
        const total = cameras.reduce((sum, { bytes }) => sum + bytes, 0)
        const of = survey(cameras, {
          policy: 'fair-by-days',
          space: { free: 0, total: 0 },
          headroom: { warn: 0, delete: ((share * total) / cameras.length / 1_000) * 1_000, protect: HOUR },
        })
        const { list } = take(of)
        const left = cameras.map(({ camera, recorded }) => ({
          gave: list.filter(({ segment }) => segment.camera === camera).length,
          keeps: recorded / HOUR - list.filter(({ segment }) => segment.camera === camera).length,
        }))
        const most = Math.max(...left.map(({ keeps }) => keeps))
        for (const { gave, keeps } of left) if (gave > 0 && keeps > 1) expect(most - keeps).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('keeps the last hour that a silent camera recorded, until its age is over', () => {
    const silent = run('silent', NOW - 10 * DAY, 24, HOUR / 4, 1_000)
    const short = { space: { free: 0, total: 1e12 } }
    const gone = take(survey([footage('silent', silent, { quota: 1 })], short)).list
    expect(gone).toHaveLength(20)
    expect(take(survey([footage('silent', silent, { age: 5 * DAY })], short)).list).toHaveLength(24)
  })

  it('reads no further than it is asked', () => {
    let read = 0
    const segments = run('busy', 0, 10_000, HOUR / 10, 1_000)
    const camera = footage('busy', segments, {
      age: DAY,
      streams: () => [{ next: () => segments[read++] }],
    })
    const all = deletions(survey([camera]))
    for (let n = 0; n < 100; n++) all.next()
    expect(read).toBeLessThan(110)
  })

  it('passes over a hold of years without reading it', () => {
    const segments = run('held', 0, 10_000, HOUR / 10, 1_000)
    const asked: number[] = []
    const camera = footage('held', segments, { age: DAY, holds: [{ start: -1, end: 900 * DAY }] })
    const streams = camera.streams()
    const counted = {
      ...camera,
      streams: () =>
        streams.map(stream => ({
          next: (from: number) => {
            asked.push(from)
            return stream.next(from)
          },
        })),
    }
    expect(take(survey([counted])).list).toEqual([])
    expect(asked).toContain(900 * DAY)
    expect(asked.length).toBeLessThan(5)
  })
})
