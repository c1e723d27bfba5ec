import { FootageModel, type Piece } from './footage-model.ts'
import { GivingOrder } from './giving-order.ts'
import { neededSpace } from './headroom.ts'
import type { RetentionRule, RetentionSurvey } from './types.ts'

/** What comes of a camera's promise. */
interface PromiseForecast {
  readonly camera: string
  /** Milliseconds for which its footage is promised. */
  readonly promised: number
  /** Milliseconds that will be kept at the least; as many as promised when the promise holds. */
  readonly keeps: number
  /** When footage goes that is younger than promised, wall-clock milliseconds; null when that does not come. */
  readonly breaksAt: number | null
  /** What breaks it; null when nothing does. */
  readonly by: Exclude<RetentionRule, 'age'> | null
}

/** What comes when everything goes on as now. Wall-clock milliseconds; null for what does not come as far as is seen. */
export interface Forecast {
  /** How far ahead it was looked. */
  readonly until: number
  /** When footage begins to go for want of room. */
  readonly roomEndsAt: number | null
  /** When the disk is full even so, for the rest is held or too young. */
  readonly fullAt: number | null
  /** Of each camera with an age, those first that break first. */
  readonly promises: readonly PromiseForecast[]
}

const DAY = 86_400_000
/** Steps of the look ahead: each is so long a part of the longest age. */
const STEPS = 240
/** What breaks a promise by less than this many steps is the coarseness of the steps. */
const SLACK = 1.5

/**
 * Looks ahead as far as the longest age, and a month at the least, for by then all that there is now has gone. At the bit rates of
 * now, with the holds of now.
 */
export function forecast(survey: Omit<RetentionSurvey, 'skip'>): Forecast {
  const { now, policy, headroom, space } = survey
  const horizon = Math.max(30 * DAY, ...survey.cameras.map(({ age }) => age ?? 0))
  const step = horizon / STEPS
  const models = survey.cameras.map(footage => new FootageModel(footage, now, step))
  const kept = new Map<FootageModel, { keeps: number; breaksAt: number; by: 'quota' | 'headroom' }>()
  const needed = neededSpace(survey)
  let free = space?.free ?? Number.POSITIVE_INFINITY
  let [roomEndsAt, fullAt]: [number | null, number | null] = [null, null]

  const make = (room: number, by: 'quota' | 'headroom', givers: readonly FootageModel[], at: number) => {
    if (room <= 0) return
    const order = new GivingOrder<Piece, FootageModel>(givers, policy, () => at - headroom.protect)
    for (let missing = room; missing > 0; ) {
      const given = order.take()
      if (!given) return
      missing -= given.segment.bytes
      free += given.segment.bytes
      const { age } = given.giver.footage
      const keeps = at - given.segment.end
      if (age === null || keeps >= age - SLACK * step) continue
      const known = kept.get(given.giver)
      if (!known) kept.set(given.giver, { keeps, breaksAt: at, by })
      else known.keeps = Math.min(known.keeps, keeps)
    }
  }

  for (let count = 0; count <= STEPS; count++) {
    const at = now + count * step
    for (const model of models) {
      if (count > 0) free -= model.record(at - step, at)
      const { age } = model.footage
      if (age !== null) free += model.expire(at - Math.max(age, headroom.protect))
    }
    for (const model of models) {
      if (model.footage.quota !== null) make(model.bytes - model.footage.quota, 'quota', [model], at)
    }
    for (const { group, quota } of survey.groups) {
      const members = models.filter(({ footage }) => footage.group === group)
      make(members.reduce((sum, { bytes }) => sum + bytes, 0) - quota, 'quota', members, at)
    }
    if (free < needed) {
      roomEndsAt ??= at
      make(needed - free, 'headroom', models, at)
    }
    if (free <= 0) fullAt ??= at
  }

  const promises = models.flatMap((model): PromiseForecast[] => {
    const { camera, age } = model.footage
    if (age === null) return []
    const broken = kept.get(model)
    if (!broken) return [{ camera, promised: age, keeps: age, breaksAt: null, by: null }]
    return [{ camera, promised: age, ...broken }]
  })
  const soonest = ({ breaksAt }: PromiseForecast) => breaksAt ?? Number.POSITIVE_INFINITY
  return {
    until: now + horizon,
    roomEndsAt,
    fullAt,
    promises: promises.sort((a, b) => (soonest(a) === soonest(b) ? 0 : soonest(a) - soonest(b))),
  }
}
