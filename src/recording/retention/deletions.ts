import type { GivingPolicy } from '../../config/types.ts'
import { CameraQueue } from './camera-queue.ts'
import { byPolicy, GivingOrder } from './giving-order.ts'
import { neededSpace } from './headroom.ts'
import type { CameraFootage, Candidate, Deletion, RetentionRule, RetentionSurvey, Shortfall } from './types.ts'

/**
 * What has to go now, in the order in which it goes: first all that is older than is kept, then what is over a quota, then the
 * oldest, by the policy, until there is room. Never what is held, and nothing of the last hour (`headroom.protect`); a camera
 * that stopped keeps the last hour that it recorded until its age is over. Reads on only as far as it is asked.
 * Returns what remains to be freed when nothing is left that may go.
 */
export function* deletions<C extends Candidate>(survey: RetentionSurvey<C>): Generator<Deletion<C>, Shortfall> {
  const { now, policy, headroom, space } = survey
  const queues = queuesOf(survey)
  const youngest = now - headroom.protect
  const lastHour = ({ footage }: CameraQueue<C>) => lastHourOf(survey, footage)
  let freed = 0
  const orderOf = (givers: readonly CameraQueue<C>[], by: GivingPolicy, limitOf: (queue: CameraQueue<C>) => number) =>
    new GivingOrder<C, CameraQueue<C>>(givers, by, limitOf)
  function* give(
    rule: RetentionRule,
    order: GivingOrder<C, CameraQueue<C>>,
    wanted: () => number,
  ): Generator<Deletion<C>, number> {
    for (let missing = wanted(); missing > 0; missing = wanted()) {
      const given = order.take()
      if (!given) return missing
      freed += given.segment.bytes
      yield { segment: given.segment, rule }
    }
    return 0
  }

  const aged = survey.clockDoubtful ? [] : queues.filter(({ footage }) => footage.age !== null)
  const agedOut = orderOf(aged, 'oldest-first', ({ footage }) => Math.min(youngest, now - footage.age!))
  yield* give('age', agedOut, () => Number.POSITIVE_INFINITY)

  const quotas: { of: string; bytes: number }[] = []
  for (const queue of queues) {
    const { quota, camera } = queue.footage
    if (quota === null || queue.bytes <= quota) continue
    const missing = yield* give('quota', orderOf([queue], policy, lastHour), () => queue.bytes - quota)
    if (missing > 0) quotas.push({ of: camera, bytes: missing })
  }
  for (const { group, quota } of survey.groups) {
    const members = queues.filter(({ footage }) => footage.group === group)
    const over = members.reduce((sum, { bytes }) => sum + bytes, 0) - quota + freed
    if (over <= freed) continue
    const missing = yield* give('quota', orderOf(members, policy, lastHour), () => over - freed)
    if (missing > 0) quotas.push({ of: `group ${group}`, bytes: missing })
  }

  if (!space) return { headroom: 0, quotas }
  const needed = neededSpace(survey)
  if (space.free + freed >= needed) return { headroom: 0, quotas }
  const missing = yield* give('headroom', orderOf(queues, policy, lastHour), () => needed - space.free - freed)
  return { headroom: missing, quotas }
}

/** The cameras in the order in which they would give next, by the policy, with the begin of the footage that would go first. */
export function givingOrder<C extends Candidate>(survey: RetentionSurvey<C>): { camera: string; start: number }[] {
  return queuesOf(survey)
    .flatMap(giver => {
      const head = giver.peek(lastHourOf(survey, giver.footage))
      return head ? [{ giver, head }] : []
    })
    .sort(byPolicy(survey.policy))
    .map(({ giver, head }) => ({ camera: giver.footage.camera, start: head.start }))
}

function queuesOf<C extends Candidate>({ cameras, skip = () => false }: RetentionSurvey<C>): CameraQueue<C>[] {
  return cameras.map(camera => new CameraQueue(camera, skip))
}

/** What a camera recorded behind this does not go for want of room: it may be all that there is of what happened. */
function lastHourOf(
  { now, headroom }: Pick<RetentionSurvey, 'now' | 'headroom'>,
  footage: CameraFootage<Candidate>,
): number {
  return Math.min(now, footage.extent?.end ?? now) - headroom.protect
}
