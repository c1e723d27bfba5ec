import { DaemonClient } from '../daemon/client.ts'
import type { SiteStatus } from '../daemon/types.ts'
import { VmsError } from '../kernel/errors.ts'
import type { OngoingOutage } from '../recording/coverage/index.ts'

/** The outages that last now, by camera, as the daemon knows them; none where none runs. */
export async function ongoingOutages(stateDir: string): Promise<Map<string, OngoingOutage>> {
  let status: SiteStatus
  try {
    status = await new DaemonClient(stateDir).status()
  } catch (error) {
    // The account is good without it: only the reasons of what lasts are missing.
    if (error instanceof VmsError) return new Map()
    throw error
  }
  const started = new Map(status.workers.map(({ slot, startedAt }) => [slot, startedAt]))
  const outages = new Map<string, OngoingOutage>()
  for (const { id, health, worker, reason } of status.cameras) {
    const since = worker === null ? null : started.get(worker)
    if (health === 'bad' && reason !== null && since) outages.set(id, { since, reason })
  }
  return outages
}
