import type { StateStore } from '../../state/state-store.ts'
import type { HeldSite } from '../held-site.ts'
import { selectCameras } from '../select-cameras.ts'
import type { RecordRequest, RecordResult } from '../types.ts'
import { personOf } from './wishes.ts'

/**
 * Notes what a person asks of cameras: to be recorded, not to be, or (null) what the configuration says. `changed` are those for
 * which it is news; what a schedule wants just now is no wish, since a person's holds longer. Throws as selectCameras does.
 */
export function takeRequest(
  record: boolean | null,
  request: RecordRequest,
  { held, state, now }: { held: HeldSite; state: StateStore; now: number },
): RecordResult & { readonly by: string } {
  const cameras = selectCameras(held.config.cameras, request)
  held.settle()
  const wishes = state.wishes()
  const changed = cameras.filter(id => {
    if (record === null) return wishes.has(id)
    return (!wishes.has(id) && held.isScheduled(id)) || held.wanted.get(id)?.record !== record
  })
  const by = personOf(request.by)
  if (record === null) state.forgetWishes(changed)
  else state.wish(changed, { record, by, at: Math.round(now) })
  return { record, cameras, changed, by }
}
