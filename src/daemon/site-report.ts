import type { SiteConfig } from '../config/types.ts'
import { formatUpcoming } from '../kernel/upcoming.ts'
import type { CameraStatus } from '../media/worker/protocol.ts'
import type { CameraTotal } from '../recording/index.ts'
import type { Placement } from '../state/state-store.ts'
import { BY_CONFIGURATION, BY_SCHEDULE } from '../state/wish.ts'
import type { SlotView } from '../supervision/index.ts'
import { judgeCamera } from './judge.ts'
import type { ResolvedSite } from './resolve-cameras.ts'
import type { CameraReport, SiteSummary, WorkerReport } from './types.ts'
import type { Wanted } from './wanted/wanted.ts'

/** Window of the lost seconds in a camera's report, milliseconds. */
export const LOST_WINDOW = 24 * 3_600_000

export interface ReportInput {
  readonly config: SiteConfig
  readonly site: ResolvedSite
  readonly placements: ReadonlyMap<string, Placement>
  readonly wanted: ReadonlyMap<string, Wanted>
  /** Since when each is wanted as it is, or not; wall-clock milliseconds. */
  readonly wantedSince: ReadonlyMap<string, number>
  readonly views: readonly SlotView[]
  readonly totals: ReadonlyMap<string, CameraTotal>
  readonly lost: ReadonlyMap<string, Readonly<Record<string, number>>>
  /** People who watch each camera. */
  readonly viewers: ReadonlyMap<string, number>
  /** Why the storage cannot be used; null when it can. */
  readonly storageTrouble: string | null
  /** Wall-clock milliseconds. */
  readonly now: number
}

/** Of a camera that came a moment ago, and is not settled yet. */
const NOT_SETTLED: Wanted = { record: false, by: BY_CONFIGURATION, at: null, until: null }

/** Every camera of the configuration, in its order. */
export function cameraReports(input: ReportInput): CameraReport[] {
  const heard = new Map<string, CameraStatus>()
  for (const view of input.views) for (const camera of view.status?.cameras ?? []) heard.set(camera.id, camera)
  const slots = new Map(input.views.map(view => [view.slot, view]))
  return input.config.cameras.map(config => {
    const { id } = config
    const placement = input.placements.get(id)
    const wish = input.wanted.get(id) ?? NOT_SETTLED
    const wantedSince = input.wantedSince.get(id) ?? 0
    const worker = placement && slots.get(placement.slot)
    const camera = heard.get(id)
    const since = Math.max(placement?.since ?? 0, wantedSince, worker?.startedAt ?? 0)
    const { health, reason } = judgeCamera({
      wanted: wish.record,
      blocked: input.site.cameras.get(id)?.blocked ?? input.storageTrouble,
      workerTrouble: worker === undefined ? 'it is not running' : (worker.trouble ?? null),
      camera,
      since,
      now: input.now,
    })
    const written = camera?.recording.lastWritten ?? null
    const total = input.totals.get(id)
    const lost = { ...input.lost.get(id) }
    if (health === 'bad') {
      // The gap that is still open stands in no journal yet.
      const from = Math.max(written ?? total?.lastEnd ?? since, wantedSince, input.now - LOST_WINDOW)
      const why = worker?.trouble !== undefined ? 'media worker' : (camera?.main.reason ?? reason ?? 'unknown')
      lost[why] = Math.round(((lost[why] ?? 0) * 1000 + Math.max(0, input.now - from)) / 100) / 10
    }
    return {
      id,
      group: config.group ?? null,
      health,
      reason: health === 'off' ? outsideSchedule(wish, input) : reason,
      wish,
      worker: placement?.slot ?? null,
      main: camera?.main ?? null,
      sub: camera?.sub ?? null,
      viewers: input.viewers.get(id) ?? 0,
      recording: camera?.recording ?? null,
      writtenAge: written === null ? null : Math.max(0, Math.round(input.now - written)),
      // Finished segments, or what the worker wrote since its start: low by at most the open segment, and no disk is asked.
      bytesOnDisk: Math.max(total?.bytes ?? 0, camera?.recording.bytesWritten ?? 0),
      lost,
    }
  })
}

/** Why a camera is off that its schedule leaves out now; null where it is not the schedule. */
function outsideSchedule({ by, until }: Wanted, { config, now }: ReportInput): string | null {
  if (by !== BY_SCHEDULE) return null
  return until === null
    ? 'outside of its schedule'
    : `outside of its schedule until ${formatUpcoming(until, now, config.site.timezone)}`
}

/**
 * The cameras in figures. `disk` is the free space of the storage in bytes, null when it cannot be told; `all` are those
 * that write to it, for how long it lasts does not depend on whom somebody asks about.
 */
export function summarise(
  cameras: readonly CameraReport[],
  disk: number | null,
  all: readonly CameraReport[] = cameras,
): SiteSummary {
  const count = (health: CameraReport['health']) => cameras.filter(camera => camera.health === health).length
  const off = count('off')
  const recorded = all.reduce((sum, { main, wish }) => sum + (wish.record ? (main?.bitrate ?? 0) : 0), 0)
  let bitrate = 0
  let subStreams = 0
  let readers = 0
  for (const { main, sub } of cameras) {
    bitrate += (main?.bitrate ?? 0) + (sub?.bitrate ?? 0)
    if (sub?.state === 'playing') subStreams++
    readers += sub?.readers ?? 0
  }
  return {
    cameras: cameras.length,
    wanted: cameras.length - off,
    ok: count('ok'),
    starting: count('starting'),
    bad: count('bad'),
    off,
    outsideSchedule: cameras.filter(({ health, wish }) => health === 'off' && wish.by === BY_SCHEDULE).length,
    bitrate: Math.round(bitrate),
    subStreams,
    readers,
    viewers: cameras.reduce((sum, { viewers }) => sum + viewers, 0),
    diskFree: disk,
    headroom: disk === null || recorded === 0 ? null : Math.round((disk * 8 * 1000) / recorded),
  }
}

export function workerReports(views: readonly SlotView[]): WorkerReport[] {
  return views.map(view => ({
    slot: view.slot,
    pid: view.pid ?? null,
    version: view.version ?? null,
    startedAt: view.startedAt ?? null,
    adopted: view.adopted,
    restarts: view.restarts,
    cameras: view.cameras,
    trouble: view.trouble ?? null,
    gateway: view.status?.gateway.listening ?? null,
    gatewayTrouble: view.status?.gateway.trouble ?? null,
    viewing: view.status?.viewing?.listening ?? null,
    viewingTrouble: view.status?.viewing?.trouble ?? null,
    memory: view.status?.memory ?? null,
  }))
}

/** Cameras that need attention, and `others` more; all when no number is given. */
export function forAttention(all: readonly CameraReport[], others: number | undefined): readonly CameraReport[] {
  if (others === undefined) return all
  let room = others
  return all.filter(camera => camera.health === 'bad' || camera.health === 'starting' || room-- > 0)
}
