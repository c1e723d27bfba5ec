import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import { listCameras, openArchive } from '../recording/index.ts'
import type { CoveragePiece, Interval } from '../recording/types.ts'
import { type VerifyReport, verifyArchive } from '../recording/verify/index.ts'
import { archiveCameras } from './archive-cameras.ts'
import { stateDirOf } from './daemon-client.ts'
import { fileWriters } from './file-writers.ts'
import type { LongWorkContext } from './long-work.ts'
import { TimeLeft } from './time-left.ts'

export interface VerifyRequest {
  /** Cameras; all when there is none. */
  readonly named: readonly string[]
  readonly group?: string | undefined
  readonly deep: boolean
  /** Wall-clock milliseconds. */
  readonly since?: number | undefined
  readonly 'state-dir'?: string | undefined
}

/** Verifies the archive of a site. Rejects as `openArchive` does, with VMS_E_CAMERA_NOT_FOUND, and on Ctrl-C. */
export async function verifySite(
  config: SiteConfig,
  request: VerifyRequest,
  { progress, signal }: LongWorkContext,
): Promise<VerifyReport> {
  const clock = systemClock
  const archive = await openArchive({ config, stateDir: stateDirOf(request), clock })
  try {
    const { storage, index } = archive
    const recorded = [...new Set([...archive.cameras(), ...(await listCameras(storage)).cameras])]
    const { named, group, deep, since } = request
    const cameras = archiveCameras(config.cameras, recorded, named, group)
    const whole = named.length === 0 && group === undefined
    const left = new TimeLeft(clock)
    return await verifyArchive({
      sources: {
        storage,
        segments: (camera, span, stream) => archive.segments(camera, span, stream),
        account: async (camera: string, span: Interval): Promise<CoveragePiece[]> => {
          // The account takes time between two segments of a session for recorded, whatever is noted of it.
          const noted = [...index.gaps(camera, span), ...index.removed(camera, span)]
          const notes = noted.map(({ start, end, reason }) => ({ start, end, state: 'other' as const, detail: reason }))
          return [...(await archive.coverage(camera, span)), ...notes]
        },
      },
      cameras: whole ? undefined : cameras,
      configured: recorded,
      deep,
      since,
      beingWritten: await fileWriters(storage, request, clock),
      clock,
      signal,
      progress: ({ camera, done, total, files, bytes, elapsed }) => {
        const rate = deep ? `${Math.round(bytes / 1_000 / Math.max(1, elapsed))} MB/s` : `${files} files`
        progress(`${camera}: ${done} of ${total} days, ${rate}${left.of(done, total)}`)
      },
    })
  } finally {
    archive.close()
  }
}
