import type { OngoingOutage } from '../recording/coverage/index.ts'
import type { CameraReport, WorkerReport } from './types.ts'

/** The outages that last now, by camera: recorders note a gap when it is over. */
export function ongoingOutages(
  cameras: readonly CameraReport[],
  workers: readonly Pick<WorkerReport, 'slot' | 'startedAt'>[],
): Map<string, OngoingOutage> {
  const started = new Map(workers.map(({ slot, startedAt }) => [slot, startedAt]))
  const outages = new Map<string, OngoingOutage>()
  for (const { id, health, worker, reason } of cameras) {
    const since = worker === null ? null : started.get(worker)
    if (health === 'bad' && reason !== null && since) outages.set(id, { since, reason })
  }
  return outages
}
