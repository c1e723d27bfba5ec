import { DaemonClient } from '../daemon/client.ts'
import { ongoingOutages } from '../daemon/ongoing-outages.ts'
import type { SiteStatus } from '../daemon/types.ts'
import { VmsError } from '../kernel/errors.ts'
import type { OngoingOutage } from '../recording/coverage/index.ts'

/** The outages that last now, by camera, as the daemon knows them; none where none runs. */
export async function readOutages(stateDir: string): Promise<Map<string, OngoingOutage>> {
  let status: SiteStatus
  try {
    status = await new DaemonClient(stateDir).status()
  } catch (error) {
    // The account is good without it: only the reasons of what lasts are missing.
    if (error instanceof VmsError) return new Map()
    throw error
  }
  return ongoingOutages(status.cameras, status.workers)
}
